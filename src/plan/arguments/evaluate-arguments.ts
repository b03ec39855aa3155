import type { AnyCallable } from '../../callable.ts';
import { isMap, type Part } from '../../language/source.ts';
import { type SchemaProblem, validate } from '../../language/validate.ts';
import { UnknownValue } from '../../values/errors.ts';
import type { Scope } from '../../values/scope.ts';
import { convertTexts } from './convert-text.ts';
import { dropNulls, fillDefaults } from './fill.ts';
import { inBytes } from './in-bytes.ts';

export interface EvaluatedArguments {
  /**
   * The arguments with defaults, ready for the module; parts that are not known yet are undefined.
   */
  readonly args: Readonly<Record<string, unknown>>;
  /** Paths of values that cannot be known yet. */
  readonly unknown: readonly UnknownPart[];
  readonly problems: readonly SchemaProblem[];
  /** True where every value is there and fits: the module's own checks can look at them. */
  readonly complete: boolean;
}

export interface UnknownPart {
  readonly path: readonly (string | number)[];
  readonly error: UnknownValue;
}

/** Called for an error of one value, with the path of that value in the arguments. */
export type OnError = (error: unknown, path: readonly (string | number)[]) => void;

/**
 * Arguments as a map: the text of a free form under its argument's name. Undefined if there is no
 * such form.
 */
export function argumentMap(raw: unknown, callable: AnyCallable): Readonly<Record<string, unknown>> | undefined {
  if (raw === null || raw === undefined) return {};
  if (isMap(raw)) {
    const { _: free, ...given } = raw;
    const rest = withoutAliases(given, callable);
    if (free === undefined || free === null) return rest;
    return callable.freeForm ? { ...rest, [callable.freeForm]: free } : undefined;
  }
  return callable.freeForm ? { [callable.freeForm]: raw } : undefined;
}

/**
 * Arguments under their own names, where one was given by another (`x-aliases` of the schema). One
 * that is given by both stays, and is not an argument.
 */
function withoutAliases(
  given: Readonly<Record<string, unknown>>,
  callable: AnyCallable,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(given).map(([key, value]) => {
    const name = ownName(key, callable);
    return [Object.hasOwn(given, name) ? key : name, value];
  });
  return Object.fromEntries(entries);
}

/** The schema of an argument, by its name or an alias. */
export function schemaOf(name: string, callable: AnyCallable): object | undefined {
  return callable.args.properties[ownName(name, callable)];
}

/** The argument's own name, for one of its aliases. */
function ownName(key: string, { args }: AnyCallable): string {
  if (Object.hasOwn(args.properties, key)) return key;
  const aliases = (property: object) => (property as { 'x-aliases'?: readonly string[] })['x-aliases'] ?? [];
  return Object.entries(args.properties).find(([, property]) => aliases(property).includes(key))?.[0] ?? key;
}

/**
 * Evaluates the arguments of a task value by value, gives texts of the command line their types,
 * takes out what is null, fills in defaults, compares with the schema, and makes bytes of sizes.
 */
export function evaluateArguments(
  raw: Readonly<Record<string, unknown>>,
  callable: AnyCallable,
  scope: Scope,
  onError: OnError,
): EvaluatedArguments {
  const unknown: UnknownPart[] = [];
  const marked = walk(raw, [], (value, path) => {
    try {
      return scope.evaluate(value);
    } catch (error) {
      if (error instanceof UnknownValue) unknown.push({ path, error });
      else onError(error, path);
      return placeholder;
    }
  });
  const typed = convertTexts(callable.args, marked, scope.texts(raw));
  const args = fillDefaults(callable.args, dropNulls(typed, callable.args), false) as Record<string, unknown>;
  const holes = [...unknown.map(({ path }) => path), ...pathsOf(args, [])];
  const problems = validate(callable.args, args).filter(
    ({ path, atKey }) => atKey || !holes.some(hole => touches(hole, path)),
  );
  const complete = holes.length + problems.length === 0;
  const stripped = strip(args);
  return {
    args: (complete ? inBytes(callable.args, stripped) : stripped) as Record<string, unknown>,
    unknown,
    problems,
    complete,
  };
}

/** Stands where a value is missing, so that what is around it can be checked. */
const placeholder = Object.freeze({ [Symbol('placeholder')]: true });

function walk(
  value: unknown,
  path: readonly (string | number)[],
  leaf: (value: unknown, path: readonly (string | number)[]) => unknown,
): unknown {
  if (Array.isArray(value)) return value.map((item, at) => walk(item, [...path, at], leaf));
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key], leaf)]));
  return leaf(value, path);
}

function pathsOf(value: unknown, path: readonly (string | number)[]): readonly (readonly (string | number)[])[] {
  if (value === placeholder) return [path];
  if (Array.isArray(value)) return value.flatMap((item, at) => pathsOf(item, [...path, at]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]));
}

/** True where one path leads to or through the other. */
function touches(a: readonly (string | number)[], b: readonly (string | number)[]): boolean {
  return a.slice(0, b.length).every((step, at) => String(step) === String(b[at]));
}

function strip(value: unknown): unknown {
  if (value === placeholder) return undefined;
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, strip(item)]));
}

/** Where a part of the arguments is in the file: free forms have no path of their own. */
export function argumentPart(
  part: Part,
  raw: unknown,
  path: readonly (string | number)[],
  callable: AnyCallable,
): Part {
  if (!isMap(raw)) return part;
  const [first, ...rest] = path;
  const written = Object.keys(raw).find(key => first !== undefined && ownName(key, callable) === first) ?? first;
  return { source: part.source, path: [...part.path, ...(written === undefined ? [] : [written]), ...rest] };
}

/** Where a text is in the arguments. */
export function pathOf(value: unknown, text: string): readonly (string | number)[] | undefined {
  if (typeof value !== 'object' || value === null) return String(value) === text ? [] : undefined;
  for (const [key, inner] of Object.entries(value)) {
    const path = pathOf(inner, text);
    if (path) return [Array.isArray(value) ? Number(key) : key, ...path];
  }
  return undefined;
}
