interface Schema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Schema & { readonly default?: unknown }>>;
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
  readonly default?: unknown;
}

/**
 * Puts in the `default` of each property that is missing, at any depth. With `nulls`, one without a
 * default becomes null.
 */
export function fillDefaults(schema: Schema, value: unknown, nulls: boolean): unknown {
  const { items } = schema;
  if (Array.isArray(value)) return items ? value.map(item => fillDefaults(items, item, nulls)) : value;
  if (typeof value !== 'object' || value === null || isMark(value)) return value;
  const given = value as Readonly<Record<string, unknown>>;
  const declared = schema.properties ?? {};
  const rest = typeof schema.additionalProperties === 'object' ? (schema.additionalProperties as Schema) : undefined;
  const filled = Object.entries(given).map(([key, item]) => {
    const inner = declared[key] ?? rest;
    return [key, inner ? fillDefaults(inner, item, nulls) : item];
  });
  const missing = Object.entries(declared)
    .filter(([key]) => given[key] === undefined)
    .flatMap(([key, inner]) => {
      if (inner.default !== undefined) return [[key, fillDefaults(inner, inner.default, nulls)]];
      return nulls ? [[key, null]] : [];
    });
  return Object.fromEntries([...filled, ...missing]);
}

/**
 * Takes null out of maps, at any depth: a null argument is one that was not given. What is data to
 * its schema (a body, a content) stays as it is.
 */
export function dropNulls(value: unknown, schema: Schema = {}): unknown {
  if (Array.isArray(value)) return value.map(item => dropNulls(item));
  if (typeof value !== 'object' || value === null) return value;
  if (isMark(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(
    kept.map(([key, item]) => [key, isData(schema.properties?.[key]) ? item : dropNulls(item)]),
  );
}

/** Whether a schema takes maps, and says nothing of what is in them. */
function isData(schema: Schema | undefined): boolean {
  if (!schema) return false;
  const parts = ['properties', 'additionalProperties', 'items', 'anyOf', 'oneOf', 'enum', 'const'];
  return [schema.type ?? 'object'].flat().includes('object') && !parts.some(part => part in schema);
}

/**
 * Expressions, and what stands for a value that is missing, are not maps: they stay what they are.
 */
function isMark(value: object): boolean {
  return Object.getOwnPropertySymbols(value).length > 0;
}
