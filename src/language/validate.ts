import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { options, vocabulary } from './schema-vocabulary.ts';
import { expressionText, type Part, wordAt } from './source.ts';
import { argumentFor, wordFor } from './suggest.ts';
import { written } from './yaml-text.ts';

/** A problem of a value with its schema: where in the value, and what. */
export interface SchemaProblem {
  readonly path: readonly (string | number)[];
  /** True where the key itself is the problem. */
  readonly atKey: boolean;
  readonly message: string;
  readonly hint?: string;
  /** The name that is missing in what the path leads to. */
  readonly missing?: string;
  /** The hint where the word is known that a file has for the value. */
  readonly hintFor?: (word: string) => string | undefined;
}

type Hint = Pick<SchemaProblem, 'hint' | 'hintFor'>;

/** The hint of a problem with the value of a part. */
export function hintAt({ hint, hintFor }: SchemaProblem, part: Part): string | undefined {
  const word = hintFor && wordAt(part);
  return (word === undefined ? undefined : hintFor?.(word)) ?? hint;
}
// To compare schemas with that of schemas takes longer than all else that a start does with them.
// Ours need it not, and a role's are when it is read.
const ajv = new Ajv({ ...options, meta: false, validateSchema: false }).addVocabulary(vocabulary);
const compiled = new WeakMap<object, ValidateFunction>();

/**
 * Compares a value with a JSON Schema; an empty list says that it fits. Schemas are compiled once.
 * @param name how messages call the value itself.
 */
export function validate(schema: object, value: unknown, name?: string): readonly SchemaProblem[] {
  const check = compile(schema);
  if (check(value)) return [];
  const errors = (check.errors ?? []).filter(error => !isEvaluated(error));
  return problemsOf(errors, value, name);
}

/**
 * A problem in other words where what is missing was written, and has no value.
 * @param given the value before what is null was taken out of it
 */
export function emptyRather(problem: SchemaProblem, given: unknown): SchemaProblem {
  const { missing, path } = problem;
  if (missing === undefined || at(given, [...path, missing]) !== null) return problem;
  const hint = 'Write a value behind it.';
  return { path: [...path, missing], atKey: true, message: `"${missing}" is empty`, hint };
}

function compile(schema: object): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const check = ajv.compile(schema);
  compiled.set(schema, check);
  return check;
}

/** Whether a value is an expression where one may be. */
function isEvaluated({ data, parentSchema }: ErrorObject): boolean {
  return (
    expressionText(data) !== undefined &&
    (parentSchema as { 'x-evaluated'?: boolean } | undefined)?.['x-evaluated'] === true
  );
}

/** Errors of a value as problems in words. */
export function problemsOf(errors: readonly ErrorObject[], value: unknown, name?: string): readonly SchemaProblem[] {
  return condense(errors).map(error => describe(error, value, name));
}

/** One problem for a value that fits no form of an anyOf, not one a form. */
function condense(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  return errors.filter(
    error => !unions.some(union => union !== error && error.schemaPath.startsWith(`${union.schemaPath}/`)),
  );
}

function describe(error: ErrorObject, value: unknown, name?: string): SchemaProblem {
  const path = pointer(error.instancePath, value);
  const { keyword, params } = error;
  const here = nameOf(path, name);
  if (keyword === 'additionalProperties') {
    const name = String(params.additionalProperty);
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
    const hint = argumentFor(name, known) ?? (known.length > 0 ? `Known here: ${known.join(', ')}.` : undefined);
    return { path: [...path, name], atKey: true, message: `unknown name "${name}"`, ...(hint ? { hint } : {}) };
  }
  if (keyword === 'required') {
    const missing = String(params.missingProperty);
    return { path, atKey: false, message: `"${missing}" is missing`, missing };
  }
  if (keyword === 'enum') {
    const allowed = (params.allowedValues as unknown[]).map(item => JSON.stringify(item));
    const given = at(value, path);
    const near =
      typeof given === 'string' ? wordFor(given, (params.allowedValues as unknown[]).map(String)) : undefined;
    return {
      path,
      atKey: false,
      message: `${here} must be one of ${allowed.join(', ')}`,
      ...(near ? { hint: near } : {}),
    };
  }
  const wantedForm = formOf(error);
  if (wantedForm !== undefined)
    return {
      path,
      atKey: false,
      message: `${here} must be ${wantedForm}, not ${kindOf(at(value, path))}`,
      ...(keyword === 'type' && params.type === 'array'
        ? listHint(at(value, path))
        : modeHint(path.at(-1), at(value, path))),
    };
  if (keyword === 'type') {
    const wanted = [params.type].flat().join(' or ');
    return {
      path,
      atKey: false,
      message: `${here} must be ${article(wanted)}, not ${kindOf(at(value, path))}`,
      ...typeHint(wanted, at(value, path), path),
    };
  }
  if (keyword === 'pattern') {
    const described = (error.parentSchema as { description?: string } | undefined)?.description;
    const form = described === undefined ? ` (${params.pattern})` : '';
    const message = `${here} does not have the form it must have${form}`;
    return { path, atKey: false, message, ...(described === undefined ? {} : { hint: described }) };
  }
  if (keyword === 'anyOf' || keyword === 'oneOf') {
    const described = (error.parentSchema as { description?: string } | undefined)?.description;
    return {
      path,
      atKey: false,
      message: `${here} cannot be ${kindOf(at(value, path))}`,
      ...(described ? { hint: described } : {}),
    };
  }
  const limit = limits[keyword]?.(params.limit as number);
  return { path, atKey: false, message: `${here} ${limit ?? error.message ?? 'is not valid'}` };
}

/** What a schema says in words of the form that its pattern or its alternatives have. */
function formOf({ keyword, parentSchema }: ErrorObject): string | undefined {
  if (!['pattern', 'anyOf', 'oneOf', 'type'].includes(keyword)) return undefined;
  return (parentSchema as { 'x-form'?: string } | undefined)?.['x-form'];
}

const limits: Readonly<Record<string, (limit: number) => string>> = {
  minimum: limit => `must be at least ${limit}`,
  maximum: limit => `must be at most ${limit}`,
  minItems: limit => `must have at least ${limit === 1 ? 'one item' : `${limit} items`}`,
  maxItems: limit => `must have at most ${limit === 1 ? 'one item' : `${limit} items`}`,
  minLength: limit => (limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`),
  maxLength: limit => `must have at most ${limit} characters`,
  uniqueItems: () => 'must not hold anything twice',
};

function nameOf(path: readonly (string | number)[], name: string | undefined): string {
  const last = path.at(-1) ?? name;
  if (last === undefined) return 'the value';
  if (typeof last === 'string') return `"${last}"`;
  const parent = path.at(-2) ?? name;
  return `item ${last + 1}${parent === undefined ? '' : ` of "${parent}"`}`;
}

function typeHint(wanted: string, given: unknown, path: readonly (string | number)[]): Hint {
  if (wanted.includes('string') && typeof given === 'number') return modeHint(path.at(-1), given);
  if (typeof given === 'string' && wanted === 'array') return listHint(given);
  const word = typeof given === 'string' ? given.toLowerCase() : '';
  if (wanted.includes('boolean') && /^(yes|no|on|off)$/.test(word))
    return { hint: `In YAML 1.2 this is a text; write ${/^(yes|on)$/.test(word)}.` };
  return {};
}

/**
 * A file mode is a text: YAML reads 0755 as the number 755 and 0o755 as 493, and only the file says
 * which it was.
 */
function modeHint(name: string | number | undefined, given: unknown): Hint {
  if (typeof given !== 'number' || !Number.isInteger(given) || !/(^|_)mode$/.test(String(name))) return {};
  return {
    hint: 'Write its octal digits as a text, in quotes.',
    hintFor: word => {
      const digits = Number(word) === given ? /^(?:0o)?([0-7]+)$/.exec(word)?.[1] : undefined;
      return digits && `Write: ${name}: "${digits.padStart(4, '0')}"`;
    },
  };
}

/** The list that somebody has written as one text. */
function listHint(given: unknown): Hint {
  const items = typeof given === 'string' ? given.split(',').map(item => item.trim()) : [];
  const named = items.filter(item => item !== '');
  return named.length === 0 ? {} : { hint: `Write: ${written(named)}.` };
}

function article(type: string): string {
  const names: Record<string, string> = {
    integer: 'a whole number',
    object: 'a map',
    array: 'a list',
    boolean: 'true or false',
    null: 'null',
  };
  return type
    .split(' or ')
    .map(one => names[one] ?? `a ${one}`)
    .join(' or ');
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (expressionText(value) !== undefined) return 'an expression';
  if (typeof value === 'object') return 'a map';
  return JSON.stringify(value);
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, step) => (inner as Record<string | number, unknown> | undefined)?.[step], value);
}

/** A JSON pointer as a path; a step into a list becomes a number. */
function pointer(text: string, value: unknown): readonly (string | number)[] {
  let inner = value;
  return text
    .split('/')
    .slice(1)
    .map(part => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(inner) ? Number(name) : name;
      inner = (inner as Record<string | number, unknown> | undefined)?.[step];
      return step;
    });
}
