import { toCel } from './cel-values.ts';
import { ValueError } from './errors.ts';
import { type CompiledExpression, compileExpression } from './expression.ts';
import { outsideQuotes } from './expression-text.ts';

type Node = hbs.AST.Node & Record<string, unknown>;
type Data = Readonly<Record<string, unknown>>;

/** The helper of templates that takes an expression: `{{#if (cel "a == b")}}`. */
export const celHelper = 'cel';

/** What a loop of a template has without a name, and how the expression is given it. */
const loopNames = { _index: 'index', _key: 'key', _first: 'first', _last: 'last' } as const;

/** Whether a node of a template calls {@link celHelper}. */
export function isCelCall(node: Node): boolean {
  const { original } = (node.path ?? {}) as { original?: unknown };
  return original === celHelper && ((node.params ?? []) as readonly Node[]).length > 0;
}

/**
 * The expression of a call of {@link celHelper}, with `@index` and others of a loop as names.
 * @param offset characters before the call in the template, for errors.
 * @throws ValueError where it has other arguments than one text, or the expression is wrong.
 */
export function celOf({ params }: Node, offset: number): CompiledExpression {
  const [text, ...more] = params as readonly Node[];
  if (text?.type !== 'StringLiteral' || more.length > 0) {
    const hint = 'Write: {{ cel "n + 1" }}, with all in one pair of quotes.';
    throw new ValueError(`"${celHelper}" takes one expression in quotes`, { hint, offset });
  }
  try {
    return compileCel(text.value as string);
  } catch (error) {
    if (error instanceof ValueError) error.offset = offset + (error.offset ?? 0);
    throw error;
  }
}

/** Names of an expression that are not variables but parts of a template's loops. */
export function isLoopName(name: string, locals: ReadonlySet<string>): boolean {
  return name === 'this' || Object.hasOwn(loopNames, name) || locals.has(name);
}

/**
 * What the variables of a template are in CEL: a loop must not convert them again in each round.
 */
const conversions = new WeakMap<Data, WeakMap<object, unknown>>();

/**
 * The value of an expression in a template.
 * @param around the variables, by the same object within a rendering, and the names of loops.
 */
export function evaluateCel(text: string, { root, loop }: { readonly root: Data; readonly loop: Data }): unknown {
  const compiled = compileCel(text);
  const known = conversions.get(root) ?? new WeakMap<object, unknown>();
  conversions.set(root, known);
  const names = [...compiled.references.keys()].filter(name => Object.hasOwn(loop, name) || Object.hasOwn(root, name));
  const variables = Object.fromEntries(names.map(name => [name, (Object.hasOwn(loop, name) ? loop : root)[name]]));
  return compiled.evaluate(variables, value => convertOnce(value, known));
}

function convertOnce(value: unknown, known: WeakMap<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return toCel(value);
  if (!known.has(value)) known.set(value, toCel(value));
  return known.get(value);
}

/** What Handlebars knows of a loop, by the names that an expression has for it. */
export function loopValues(item: unknown, data: Data): Data {
  const found = Object.entries(loopNames).filter(([, name]) => data[name] !== undefined);
  return { this: item, ...Object.fromEntries(found.map(([own, name]) => [own, data[name]])) };
}

/**
 * Gives each call of {@link celHelper} the values of the names that loops around it have, as named
 * arguments: a helper cannot see those otherwise.
 */
export function passLoopNames(value: unknown, locals: ReadonlySet<string> = new Set()): void {
  if (Array.isArray(value)) for (const item of value) passLoopNames(item, locals);
  if (typeof value !== 'object' || value === null || !('type' in value)) return;
  const node = value as Node;
  if (isCelCall(node))
    node.hash = namedArguments([...celOf(node, 0).references.keys()].filter(name => locals.has(name)));
  passLoopNames(node.params, locals);
  const { blockParams = [] } = (node.program ?? {}) as { blockParams?: readonly string[] };
  passLoopNames(node.program, new Set([...locals, ...blockParams]));
  passLoopNames(node.inverse, locals);
  passLoopNames(node.body, locals);
}

function namedArguments(names: readonly string[]): object {
  const pathOf = (name: string) => ({ type: 'PathExpression', data: false, depth: 0, parts: [name], original: name });
  return { type: 'Hash', pairs: names.map(key => ({ type: 'HashPair', key, value: pathOf(key) })) };
}

const cache = new Map<string, CompiledExpression>();

function compileCel(text: string): CompiledExpression {
  const known = cache.get(text);
  if (known) return known;
  const compiled = compileExpression(outsideQuotes(text, code => code.replace(/@(index|key|first|last)\b/g, '_$1')));
  cache.set(text, compiled);
  return compiled;
}
