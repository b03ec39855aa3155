/** An object with exactly these properties, all of them present. */
export function record<const Properties extends Record<string, object>>(properties: Properties) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties) as (keyof Properties & string)[],
    properties,
  } as const;
}

/** A list of what this schema says. */
export function list<const Items extends object>(items: Items, description = '') {
  return { type: 'array', items, ...(description !== '' && { description }) } as const;
}

/** A text. */
export function text(description: string) {
  return { type: 'string', description } as const;
}

/** A whole number. */
export function integer(description: string) {
  return { type: 'integer', description } as const;
}

/** True or false. */
export function flag(description: string) {
  return { type: 'boolean', description } as const;
}
