import { inQuotes, writtenText } from './yaml-text.ts';

/** Arguments in Ansible's old form (`src=a mode=0644`), as pairs; none where the text has none. */
export function keyValues(text: string): readonly (readonly [key: string, value: string])[] {
  const pairs = text.matchAll(/(?<!\S)(\w+)=((?:"[^"]*"|'[^']*'|\{\{[\s\S]*?\}\}|[^\s"'])+)/g);
  return [...pairs].map(([, key = '', value = '']) => [key, value] as const);
}

/** A JSON Schema of an argument, as far as it says which types the value may have. */
interface Typed {
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Typed[];
}

/**
 * The same as a map of YAML: `{src: a, mode: "0644"}`; undefined where the text has no pairs.
 * @param schemaOf the schema of an argument, where it is known: it says what a list is, and a
 * number
 */
export function asMap(
  text: string,
  schemaOf: (key: string) => object | undefined = () => undefined,
): string | undefined {
  const pairs = keyValues(text).map(([key, value]) => `${key}: ${yamlOf(value, typesOf(schemaOf(key)))}`);
  return pairs.length === 0 ? undefined : `{${pairs.join(', ')}}`;
}

function typesOf(schema: Typed | undefined): readonly string[] {
  return [schema?.type ?? [], ...(schema?.anyOf ?? []).map(typesOf)].flat(2);
}

const words: Readonly<Record<string, string>> = { yes: 'true', on: 'true', no: 'false', off: 'false' };

/** A value is a text, but for what the types say; without any, for true, false and numbers. */
function yamlOf(value: string, types: readonly string[]): string {
  const quoted = /^(["'])([\s\S]*)\1$/.exec(value);
  const text = quoted?.[2] ?? value;
  if (/\{\{/.test(text)) return inQuotes(text);
  const word = text.toLowerCase();
  const isFlag = types.length === 0 ? !quoted : types.includes('boolean');
  if (isFlag && /^(true|false|yes|no|on|off)$/.test(word)) return words[word] ?? word;
  const isNumber = types.length === 0 ? !quoted : types.some(type => /^(integer|number)$/.test(type));
  if (isNumber && /^(0|-?[1-9]\d*)$/.test(text)) return text;
  if (types.includes('array') && !types.includes('string')) return `[${text.split(',').map(writtenText).join(', ')}]`;
  return writtenText(text);
}
