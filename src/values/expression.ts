import type { Environment } from '@marcbachmann/cel-js';
import { messageOf } from '../errors.ts';
import { matchInTime } from '../in-time.ts';
import { onDemand } from '../on-demand.ts';
import { UnknownValue, ValueError } from './errors.ts';
import { namesOf } from './expression-names.ts';
import { translate } from './expression-problems.ts';
import type { FieldPath } from './field-path.ts';
import { callFunction, type ValueFunction } from './functions/function.ts';
import { functions } from './functions/index.ts';
import { isLazy, lazyMap } from './lazy.ts';
import { renameTypeNames } from './type-names.ts';

/** A compiled CEL expression: what it names, the type it surely has, and its value. */
export interface CompiledExpression {
  readonly references: ReadonlyMap<string, number>;
  /** The parts of variables that it uses, in the order of the text. */
  readonly paths: readonly FieldPath[];
  /** The type that the checker found: `bool`, `int`, `dyn`, … */
  readonly type: string;
  /** @throws ValueError */
  readonly evaluate: (variables: Readonly<Record<string, unknown>>) => unknown;
}

let environment: Environment | undefined;

/** CEL with the functions of {@link functions}: made for the first expression, for many runs have none. */
function cel(): Environment {
  environment ??= createEnvironment();
  return environment;
}

function createEnvironment(): Environment {
  const { Environment } = onDemand('@marcbachmann/cel-js') as typeof import('@marcbachmann/cel-js');
  const made = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
  for (const operator of ['+', '-', '*', '/'] as const) {
    const compute = { '+': sum, '-': difference, '*': product, '/': quotient }[operator];
    made.registerOperator(`int ${operator} double`, (a: bigint, b: number) => compute(Number(a), b));
    made.registerOperator(`double ${operator} int`, (a: number, b: bigint) => compute(a, Number(b)));
  }
  for (const one of functions) {
    const least = one.params.filter(({ optional }) => !optional).length;
    for (let count = least; count <= one.params.length; count += 1) {
      const types = one.params.slice(0, count).map(({ type }) => type);
      made.registerFunction(`${one.name}(${types.join(', ')}): ${one.returns}`, (...values: unknown[]) =>
        callWith(one, values),
      );
    }
  }
  return made;
}

/** Calls a function with CEL's values. */
function callWith(one: ValueFunction, values: readonly unknown[]): unknown {
  try {
    return toCel(callFunction(one, values.map(fromCel)));
  } catch (error) {
    throw new ValueError(`function "${one.name}": ${messageOf(error)}`, { cause: error });
  }
}

const cache = new Map<string, CompiledExpression>();

/**
 * What a pattern of an expression is tried on is not known beforehand: the longest text that a host
 * may print is assumed.
 */
const longText = 'x'.repeat(1_000_000);

/**
 * Compiles a CEL expression, once for each text.
 * @throws ValueError with the offset of what is wrong, and the CEL form of an Ansible-ism.
 */
export function compileExpression(text: string): CompiledExpression {
  const known = cache.get(text);
  if (known) return known;
  if (text.includes('{{')) {
    throw new ValueError('an expression names its variables without {{ }}', {
      hint: `Write: ${text.replace(/\{\{\s*(.*?)\s*\}\}/g, '$1')}`,
      offset: text.indexOf('{{'),
    });
  }
  const written = attempt(text, () => cel().parse(text));
  const { text: renamed, names } = renameTypeNames(text, written.ast);
  const parsed = names.size === 0 ? written : attempt(text, () => cel().parse(renamed));
  const checked = parsed.check();
  if (!checked.valid) throw translate(text, checked.error);
  const found = namesOf(parsed.ast);
  const own = (name: string) => names.get(name) ?? name;
  const patterns = [...text.matchAll(/\.matches\(\s*(?:r?("|')([\s\S]*?)\1\s*\))?/g)].map(
    ([, , literal]) => literal ?? '(.+)+',
  );
  const compiled: CompiledExpression = Object.freeze({
    references: new Map([...found.references].map(([name, at]) => [own(name), at])),
    paths: found.paths.map(path => ({ ...path, name: own(path.name) })),
    type: String(checked.type),
    evaluate: (variables: Readonly<Record<string, unknown>>) =>
      attempt(text, () =>
        matchInTime(patterns, [longText], () =>
          fromCel(parsed(toCel(withNames(variables, names)) as Record<string, unknown>)),
        ),
      ),
  });
  cache.set(text, compiled);
  return compiled;
}

function withNames(
  variables: Readonly<Record<string, unknown>>,
  names: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  if (names.size === 0) return variables;
  const more = [...names].map(([other, name]) => [other, variables[name]]);
  return { ...variables, ...Object.fromEntries(more) };
}

function attempt<T>(text: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    // What a lazy map could not give is told already.
    if (error instanceof ValueError || error instanceof UnknownValue) throw error;
    throw translate(text, error);
  }
}

/** Whole numbers of JSON are CEL's int, which is a BigInt here. */
function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value === 'object' && value !== null) {
    const map = value as Readonly<Record<string, unknown>>;
    if (isLazy(value)) return lazyMap(Object.keys(value), key => toCel(map[key]));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toCel(item)]));
  }
  return value;
}

function fromCel(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(fromCel);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), fromCel(item)]));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromCel(item)]));
  }
  return value;
}

function sum(a: number, b: number): number {
  return a + b;
}
function difference(a: number, b: number): number {
  return a - b;
}
function product(a: number, b: number): number {
  return a * b;
}
function quotient(a: number, b: number): number {
  return a / b;
}
