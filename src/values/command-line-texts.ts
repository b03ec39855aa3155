import { expressionText, isMap } from '../language/source.ts';

/** Steps from a value to a part of it: keys of maps, places in lists. */
export type TextPath = readonly (string | number)[];

/** Where a variable has its value from, as far as it matters here. */
interface Origin {
  readonly values: Readonly<Record<string, unknown>>;
  readonly literal?: boolean;
  readonly texts?: ReadonlySet<string>;
}

type FindOrigin = (name: string) => Origin | undefined;

/**
 * Paths to those parts of a value that are text of a command line (`-e k=v`) as it was typed: the
 * value has `{{ k }}` or `!expr k` there and nothing else, or a variable that does. A longer
 * template makes a text of its own.
 * @param value not evaluated yet
 */
export function commandLineTexts(
  value: unknown,
  originOf: FindOrigin,
  above: readonly string[] = [],
): readonly TextPath[] {
  const inside = (part: unknown, step: string | number): readonly TextPath[] =>
    commandLineTexts(part, originOf, above).map(path => [step, ...path]);
  if (Array.isArray(value)) return value.flatMap(inside);
  if (isMap(value)) return Object.entries(value).flatMap(([key, part]) => inside(part, key));
  const [name, ...fields] = onlyPath(value);
  if (name === undefined) return [];
  return textsOfVariable(name, originOf, above)
    .filter(path => fields.every((field, at) => String(path[at]) === field))
    .map(path => path.slice(fields.length));
}

/** {@link commandLineTexts} in the value of a variable. */
export function textsOfVariable(
  name: string,
  originOf: FindOrigin,
  above: readonly string[] = [],
): readonly TextPath[] {
  const origin = originOf(name);
  if (!origin || above.includes(name)) return [];
  if (origin.texts?.has(name)) return [[]];
  return origin.literal ? [] : commandLineTexts(origin.values[name], originOf, [...above, name]);
}

/**
 * The variable and its fields where a template or expression is nothing but their path; else
 * nothing.
 */
function onlyPath(value: unknown): readonly string[] {
  const expression = expressionText(value);
  const text = expression ?? (typeof value === 'string' ? /^\{\{(.*)\}\}$/s.exec(value)?.[1] : undefined);
  const path = text?.trim() ?? '';
  return /^[A-Za-z_]\w*([.]\w+)*$/.test(path) ? path.split('.') : [];
}
