import { expressionText, isMap } from './source.ts';

/** A value as YAML of one line, as a hint says to write it. */
export function written(value: unknown): string {
  const text = expressionText(value);
  if (text !== undefined) return `!expr ${inQuotes(text)}`;
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (isMap(value)) {
    const pairs = Object.entries(value).map(([key, item]) => `${writtenText(key)}: ${written(item)}`);
    return `{${pairs.join(', ')}}`;
  }
  return typeof value === 'string' ? writtenText(value) : String(value);
}

/**
 * A text of YAML, in quotes where it would be something else without: also for who thinks of YAML
 * 1.1.
 */
export function writtenText(text: string): string {
  const isPlain = /^[A-Za-z_/][\w./-]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text);
  return isPlain ? text : inQuotes(text);
}

/**
 * An expression as the value of a key in YAML: in quotes where it would be something else without.
 */
export function expressionInYaml(cel: string): string {
  return /^[\w(]/.test(cel) && !/: | #/.test(cel) ? cel : inQuotes(cel);
}

/**
 * A text of YAML in quotes: double ones, or single ones where it has double ones or backslashes in
 * it.
 */
export function inQuotes(text: string): string {
  if (/[\n\r\t]/.test(text)) return JSON.stringify(text);
  return /["\\]/.test(text) ? `'${text.replaceAll("'", "''")}'` : `"${text}"`;
}
