import { messageOf } from '../errors.ts';
import { onDemand } from '../on-demand.ts';
import { UndefinedName, UnknownValue, ValueError } from './errors.ts';
import { templateHelpers } from './helpers.ts';
import { celHelper, evaluateCel, loopValues } from './template-cel.ts';
import { escapeXml } from './xml-text.ts';

type Node = hbs.AST.Node & Record<string, unknown>;
type Data = Readonly<Record<string, unknown>>;

/** Handlebars, which a run without a template does not need. */
export const handlebars = () => onDemand('handlebars') as typeof import('handlebars');

/** The error of a path that leads nowhere; one that a block or helper is given is an argument. */
export function undefinedPath(
  path: { readonly original: string },
  offset: number,
  place: 'text' | 'argument' = 'text',
): UndefinedName {
  const { original } = path;
  const form = place === 'text' ? `{{ default ${original} "…" }}` : `(default ${original} false)`;
  return new UndefinedName(original, { offset, hint: `If it may be missing: ${form}.` });
}

/** Renders text: every value passes through a check that names the path it came from. */
export function renderer(
  program: hbs.AST.Program,
  escaping: 'none' | 'xml',
  offsetOf: (node: Node) => number,
): (data: Data) => string {
  const engine = handlebars().create();
  const offsets: { path: string; offset: number }[] = [];
  for (const [name, helper] of Object.entries(templateHelpers)) {
    engine.registerHelper(name, (...values: unknown[]) => helper.call(...values.slice(0, -1)));
  }
  engine.registerHelper(celHelper, function (this: unknown, text: string, { data, hash }: Handlebars.HelperOptions) {
    const { root } = data as { root: Data };
    return evaluateCel(text, { root, loop: { ...loopValues(this, data), ...hash } });
  } as Handlebars.HelperDelegate);
  engine.registerHelper('__given', (value: unknown, at: number) => {
    const { path, offset } = offsets[at]!;
    if (value === undefined) throw undefinedPath({ original: path }, offset, 'argument');
    return value;
  });
  engine.registerHelper('__text', (value: unknown, at: number) => toText(value, offsets[at]!, escaping));
  // {{{ }}} puts text in as it is: for a piece of XML.
  engine.registerHelper('__raw', (value: unknown, at: number) => toText(value, offsets[at]!, 'none'));
  const loops = hasLoop(program);
  guardProgram(program, node => offsets.push({ path: describe(node), offset: offsetOf(node) }) - 1);
  const render = engine.compile(program, { noEscape: true, data: true });
  return data => {
    try {
      return render(data);
    } catch (error) {
      if (error instanceof UndefinedName && loops) throw fromOutside(error);
      if (error instanceof ValueError || error instanceof UnknownValue) throw error;
      throw new ValueError(messageOf(error), { cause: error });
    }
  };
}

/** Whether bare names mean fields of an item anywhere in a template. */
function hasLoop({ body }: hbs.AST.Program): boolean {
  return (body as Node[]).some(node => {
    const { path, program, inverse } = node as Partial<hbs.AST.BlockStatement>;
    if (node.type !== 'BlockStatement') return false;
    const { original } = path as hbs.AST.PathExpression;
    return original === 'each' || original === 'with' || [program, inverse].some(inner => inner && hasLoop(inner));
  });
}

/** A name that the item of a loop has not may be one from outside. */
function fromOutside({ variable, hint, offset }: UndefinedName): UndefinedName {
  const outside = `In a loop, a variable from outside is ../${variable}.`;
  return new UndefinedName(variable, { hint: `${outside} ${hint ?? ''}`.trim(), offset });
}

function describe(node: Node): string {
  const path = (node.path ?? node) as { original?: unknown };
  return String(path.original ?? 'the value');
}

/** Wraps each printed value in `__text`, and each path given to a helper or block in `__given`. */
function guardProgram(program: hbs.AST.Program, note: (node: Node) => number): void {
  for (const statement of program.body as Node[]) {
    if (statement.type === 'BlockStatement') {
      statement.params = (statement.params as Node[]).map(param => guardArgument(param, note));
      if (statement.program) guardProgram(statement.program as hbs.AST.Program, note);
      if (statement.inverse) guardProgram(statement.inverse as hbs.AST.Program, note);
    }
    if (statement.type !== 'MustacheStatement') continue;
    const params = statement.params as Node[];
    const value =
      params.length > 0 ? call(statement, guardArguments(statement, note)) : (statement.path as unknown as Node);
    const at = note(statement);
    Object.assign(statement, {
      path: helperPath(statement.escaped === false ? '__raw' : '__text'),
      params: [value, number(at)],
      hash: undefined,
    });
  }
}

function guardArguments(node: Node, note: (node: Node) => number): Node[] {
  const params = node.params as Node[];
  const name = (node.path as hbs.AST.PathExpression).original;
  const from = templateHelpers[name]?.acceptsUndefined ? 1 : 0;
  return params.map((param, at) => (at < from && param.type === 'PathExpression' ? param : guardArgument(param, note)));
}

function guardArgument(param: Node, note: (node: Node) => number): Node {
  if (param.type === 'SubExpression') return { ...param, params: guardArguments(param, note) };
  if (param.type !== 'PathExpression') return param;
  return call({ ...param, path: helperPath('__given') } as Node, [param, number(note(param))]);
}

function call(node: Node, params: Node[]): Node {
  return { type: 'SubExpression', path: node.path, params, hash: node.hash, loc: node.loc } as unknown as Node;
}

function helperPath(name: string): object {
  return { type: 'PathExpression', data: false, depth: 0, parts: [name], original: name, loc: undefined };
}

function number(value: number): Node {
  return { type: 'NumberLiteral', value, original: value, loc: undefined } as unknown as Node;
}

/** A value as text has it. @throws UndefinedName, ValueError for what is not text */
export function toText(
  value: unknown,
  { path, offset }: { path: string; offset: number },
  escaping: 'none' | 'xml',
): string {
  if (value === undefined) throw undefinedPath({ original: path }, offset);
  const kind = otherThanText(value);
  if (kind !== undefined) {
    const hint = kind === 'null' ? `Give it a value, or {{ default ${path} "…" }}.` : `As JSON: {{ json ${path} }}.`;
    throw new ValueError(`"${path}" is ${kind}, which is not text`, { offset, hint });
  }
  return escaping === 'xml' ? escapeXml(String(value)) : String(value);
}

/** What a value is that has no text of its own; undefined where it has one. */
export function otherThanText(value: unknown): 'null' | 'a list' | 'a map' | undefined {
  if (value === null) return 'null';
  if (typeof value !== 'object' && typeof value !== 'function') return undefined;
  return Array.isArray(value) ? 'a list' : 'a map';
}
