import { certain, messageOf } from '../errors.ts';
import { together, ValueError } from './errors.ts';
import type { FieldPath } from './field-path.ts';
import { templateHelpers } from './functions/helpers.ts';
import { findJinja } from './jinja/in-template.ts';
import { rootName, type TemplateNames, templateReferences } from './references.ts';
import { renderer, toText, undefinedPath } from './strict-text.ts';
import { evaluateCel, isCelCall, passLoopNames } from './template-cel.ts';
import { mistakesIn, offsetIn, parseTemplate } from './template-mistakes.ts';

type Node = hbs.AST.Node & Record<string, unknown>;
type Data = Readonly<Record<string, unknown>>;

/** A compiled template: what it names, and its value for given variables. */
export interface Template {
  readonly references: ReadonlyMap<string, number>;
  /** The parts of variables that it uses, in the order of the text. */
  readonly paths: readonly FieldPath[];
  /** Variables that need not exist. */
  readonly mayBeMissing: ReadonlySet<string>;
  /**
   * The value: of the type it has where the template is exactly one path or helper call, else text.
   * @param isVariable tells of any name whether it is a variable, also of one that only an item of
   * a loop should have
   * @throws ValueError
   */
  readonly evaluate: (variables: Data, isVariable?: (name: string) => boolean) => unknown;
  /** Each of its statements as a template of its own, where there are several. */
  readonly statements: () => readonly Template[];
}

const cache = { none: new Map<string, Template>(), xml: new Map<string, Template>() };

/**
 * Compiles a template, once for each text. Stricter than Handlebars' strict mode: in text, null,
 * lists, maps and undefined values are errors, and so is an undefined argument of a helper or
 * block.
 * @param escaping `xml` escapes what is put in for XML and HTML; {@link escapingOf} says which
 * files want it.
 * @throws ValueError with the offset of what is wrong.
 */
export function compileTemplate(text: string, escaping: 'none' | 'xml' = 'none'): Template {
  const known = cache[escaping].get(text);
  if (known) return known;
  const offsetOf = (node: Node) => offsetIn(text, node);
  const { program, names } = read(text, offsetOf);
  passLoopNames(program);
  const single = onlyExpression(program);
  const render = single ? undefined : (joined(program, escaping, offsetOf) ?? renderer(program, escaping, offsetOf));
  const compiled: Template = Object.freeze({
    ...names,
    evaluate: (data: Data, isVariable = (name: string) => Object.hasOwn(data, name)) =>
      single ? evaluateNode(single, data, offsetOf) : render?.(data, isVariable),
    statements: () => statementsOf(text, escaping),
  });
  cache[escaping].set(text, compiled);
  return compiled;
}

/** The text is read again: what renders a program has changed it. */
function statementsOf(text: string, escaping: 'none' | 'xml'): readonly Template[] {
  const offsetOf = (node: Node) => offsetIn(text, node);
  const program = parseTemplate(text);
  passLoopNames(program);
  const statements = program.body.filter(({ type }) => type !== 'ContentStatement');
  if (statements.length < 2) return [];
  return statements.map(statement => {
    const own = { ...program, body: [statement] };
    const names = templateReferences(own, offsetOf);
    const render = renderer(own, escaping, offsetOf);
    return Object.freeze({
      ...names,
      evaluate: (data: Data, isVariable = (name: string) => Object.hasOwn(data, name)) => render(data, isVariable),
      statements: () => [],
    });
  });
}

/**
 * How the values in a template file are escaped: as XML in `*.xml.hbs`, `*.html.hbs` and
 * `*.svg.hbs`.
 */
export function escapingOf(path: string): 'none' | 'xml' {
  return /\.(xml|html|svg)(\.hbs)?$/.test(path) ? 'xml' : 'none';
}

/** True where a text has anything to evaluate. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || findJinja(text).length > 0;
}

/** @throws ValueError with all mistakes of its form that do not follow from each other */
function read(text: string, offsetOf: (node: Node) => number): Read {
  try {
    if (findJinja(text).length > 0) throw new ValueError('it is a template of Jinja');
    const program = parseTemplate(text);
    return { program, names: templateReferences(program, offsetOf) };
  } catch (error) {
    throw (error instanceof ValueError && together(mistakesIn(text))) || error;
  }
}

interface Read {
  readonly program: hbs.AST.Program;
  readonly names: TemplateNames;
}

/**
 * Most texts are words and paths, and need no engine: that would be made ready again for each host.
 */
function joined(
  { body }: hbs.AST.Program,
  escaping: 'none' | 'xml',
  offsetOf: (node: Node) => number,
): ((data: Data) => string) | undefined {
  const parts = (body as Node[]).map((node): ((data: Data) => string) | undefined => {
    if (node.type === 'ContentStatement') return () => node.value as string;
    const path = node.path as (hbs.AST.PathExpression & Node) | undefined;
    const plain = node.type === 'MustacheStatement' && (node.params as Node[]).length === 0 && !node.hash;
    if (!plain || path?.type !== 'PathExpression' || path.data || rootName(path, 0, new Set()) === undefined)
      return undefined;
    if (Object.hasOwn(templateHelpers, path.original)) return undefined;
    const place = { path: path.original, offset: offsetOf(node) };
    return data => toText(follow(path, data), place, node.escaped === false ? 'none' : escaping);
  });
  if (!parts.every(part => part !== undefined)) return undefined;
  return data => parts.map(part => part(data)).join('');
}

/** The path or helper call that is the whole template, if it is. */
function onlyExpression(program: hbs.AST.Program): Node | undefined {
  const [statement, more] = program.body as Node[];
  return statement?.type === 'MustacheStatement' && !more ? statement : undefined;
}

function evaluateNode(node: Node, data: Data, offsetOf: (node: Node) => number): unknown {
  if ('value' in node && node.type.endsWith('Literal')) return node.value;
  if (node.type === 'NullLiteral') return null;
  if (node.type === 'UndefinedLiteral') return undefined;
  const params = (node.params ?? []) as Node[];
  if (node.type === 'SubExpression' || (node.type === 'MustacheStatement' && params.length > 0)) {
    const name = (node.path as hbs.AST.PathExpression).original;
    if (isCelCall(node)) return evaluateCel(String(params[0]?.value), { root: data, loop: {} });
    const helper = templateHelpers[name];
    const values = params.map(param => evaluateNode(param, data, offsetOf));
    if (name === 'lookup') return (values[0] as Data)?.[String(values[1])];
    const from = helper?.acceptsUndefined ? 1 : 0;
    rejectUndefined(params.slice(from), values.slice(from), offsetOf);
    return callHelper(name, values, offsetOf(node));
  }
  const path = (node.type === 'MustacheStatement' ? node.path : node) as hbs.AST.PathExpression & Node;
  if (path.type !== 'PathExpression') return evaluateNode(path, data, offsetOf);
  const value = follow(path, data);
  if (value === undefined && node.type === 'MustacheStatement') throw undefinedPath(path, offsetOf(path));
  return value;
}

function follow(path: hbs.AST.PathExpression & Node, data: Data): unknown {
  if (rootName(path, 0, new Set()) === undefined) return path.parts.length === 0 ? data : undefined;
  return (path.parts as string[]).reduce<unknown>((value, step) => {
    if (typeof value === 'string' && step === 'length') return value.length;
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value) && step === 'length') return value.length;
    return Object.hasOwn(value, step) ? (value as Data)[step] : undefined;
  }, data);
}

function rejectUndefined(params: readonly Node[], values: readonly unknown[], offsetOf: (node: Node) => number): void {
  const at = values.findIndex((value, index) => value === undefined && params[index]?.type === 'PathExpression');
  const missing = params[at];
  if (missing) throw undefinedPath(missing as unknown as hbs.AST.PathExpression, offsetOf(missing), 'argument');
}

function callHelper(name: string, values: readonly unknown[], offset: number): unknown {
  try {
    return certain(templateHelpers[name], 'a helper').call(...values);
  } catch (error) {
    throw new ValueError(`helper "${name}": ${messageOf(error)}`, { offset });
  }
}
