import { Environment } from '@marcbachmann/cel-js';
import { ValueError } from './errors.ts';
import { translate } from './expression-problems.ts';
import { renameTypeNames } from './type-names.ts';

/** A compiled CEL expression: what it names, the type it surely has, and its value. */
export interface CompiledExpression {
  readonly references: ReadonlyMap<string, number>;
  /** The type that the checker found: `bool`, `int`, `dyn`, … */
  readonly type: string;
  /** @throws ValueError */
  readonly evaluate: (variables: Readonly<Record<string, unknown>>) => unknown;
}

interface AstNode {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
}

const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
for (const operator of ['+', '-', '*', '/'] as const) {
  const compute = { '+': sum, '-': difference, '*': product, '/': quotient }[operator];
  environment.registerOperator(`int ${operator} double`, (a: bigint, b: number) => compute(Number(a), b));
  environment.registerOperator(`double ${operator} int`, (a: number, b: bigint) => compute(a, Number(b)));
}

/** Macros whose first argument is a name of their own. */
const binders = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const cache = new Map<string, CompiledExpression>();

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
  const written = attempt(text, () => environment.parse(text));
  const { text: renamed, names } = renameTypeNames(text, written.ast);
  const parsed = names.size === 0 ? written : attempt(text, () => environment.parse(renamed));
  const checked = parsed.check();
  if (!checked.valid) throw translate(text, checked.error);
  const found = new Map<string, number>();
  collect(parsed.ast as unknown as AstNode, new Set(), found);
  const references = new Map([...found].map(([name, at]) => [names.get(name) ?? name, at]));
  const compiled: CompiledExpression = Object.freeze({
    references,
    type: String(checked.type),
    evaluate: (variables: Readonly<Record<string, unknown>>) =>
      attempt(text, () => fromCel(parsed(toCel(withNames(variables, names)) as Record<string, unknown>))),
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
    throw translate(text, error);
  }
}

function collect(node: unknown, bound: ReadonlySet<string>, found: Map<string, number>): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, bound, found);
    return;
  }
  if (typeof node !== 'object' || node === null || !('op' in node)) return;
  const { op, args, start } = node as AstNode;
  if (op === 'id') {
    const name = String(args);
    if (!bound.has(name) && !found.has(name)) found.set(name, start);
  } else if (op === 'rcall') {
    const [name, receiver, params] = args as [string, unknown, AstNode[]];
    collect(receiver, bound, found);
    const own = binders.has(name) && params[0]?.op === 'id' ? new Set([...bound, String(params[0].args)]) : bound;
    collect(params, own, found);
  } else {
    collect(args, bound, found);
  }
}

/** Whole numbers of JSON are CEL's int, which is a BigInt here. */
function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value === 'object' && value !== null) {
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
