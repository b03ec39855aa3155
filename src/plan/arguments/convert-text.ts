import type { TextPath } from '../../values/command-line-texts.ts';

interface Property {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: Property;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly additionalProperties?: boolean | Property;
  readonly anyOf?: readonly Property[];
  readonly oneOf?: readonly Property[];
}

/**
 * The text of a `k=v` on a command line as the value that its schema wants: a number, true or
 * false, JSON, a list with commas (where a text would not do); else the text.
 */
export function convertText(property: Property | undefined, text: string): unknown {
  const forms = formsOf(property ?? {});
  const types = new Set(forms.flatMap(({ type }) => type ?? []));
  const choices = forms.flatMap(form => form.enum ?? []);
  const choice = choices.find(item => String(item) === text);
  if (choice !== undefined) return choice;
  if ((types.has('integer') || types.has('number')) && /^-?[0-9]+([.][0-9]+)?$/.test(text)) return Number(text);
  if (types.has('boolean') && /^(true|false)$/.test(text)) return text === 'true';
  if (types.has('null') && text === 'null') return null;
  const structured = types.has('object') || types.has('array') || (types.size === 0 && choices.length === 0);
  if (structured && /^\s*[[{]/.test(text)) return parseJson(text);
  const list = forms.find(({ type }) => [type].flat().includes('array'));
  if (list && !types.has('string'))
    return text === '' ? [] : text.split(',').map(item => convertText(list.items, item));
  return text;
}

/**
 * A value with the texts of the command line in it as its schema wants them. What the schema leaves
 * open stays text.
 */
export function convertTexts(property: Property, value: unknown, texts: readonly TextPath[]): unknown {
  return texts.reduce((whole, path) => convertAt(property, whole, path), value);
}

function convertAt(property: Property, value: unknown, [step, ...rest]: TextPath): unknown {
  if (step === undefined) return typeof value === 'string' && isTyped(property) ? convertText(property, value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const inner = { anyOf: formsOf(property).flatMap(form => within(form, step) ?? []) };
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? convertAt(inner, item, rest) : item));
  const map = value as Readonly<Record<string, unknown>>;
  return { ...map, [step]: convertAt(inner, map[step], rest) };
}

/** The schema of an item or a field. */
function within({ additionalProperties, items, properties }: Property, step: string | number): Property | undefined {
  if (typeof step === 'number') return items;
  if (properties && Object.hasOwn(properties, step)) return properties[step];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

function isTyped(property: Property): boolean {
  return formsOf(property).some(form => form.type !== undefined || form.enum !== undefined);
}

/** The forms that a value may have: the schema itself, or each of its `anyOf`. */
function formsOf(property: Property): readonly Property[] {
  return [property, ...[...(property.anyOf ?? []), ...(property.oneOf ?? [])].flatMap(formsOf)];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
