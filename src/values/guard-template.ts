import { templateHelpers } from './functions/helpers.ts';

type Node = hbs.AST.Node & Record<string, unknown>;

/** The blocks in which a bare name is a field of an item. */
export const itemBlocks: ReadonlySet<string> = new Set(['each', 'with']);

/** A {@link Note} for one block. */
type NoteHere = ((node: Node) => number) & { readonly inLoop: boolean };

/** How errors call what a node of a template puts in. */
export function describe(node: Node): string {
  const path = (node.path ?? node) as { original?: unknown };
  return String(path.original ?? 'the value');
}

/**
 * Takes down a value and how many loops are around it, and gives the number under which a guard
 * finds it again.
 */
export type Note = (node: Node, depth: number) => number;

/**
 * Wraps each printed value in `__text`, each path given to a helper or block in `__given`, and each
 * field of a loop's item of which a helper asks whether it is there in `__asked`.
 */
export function guardProgram(program: hbs.AST.Program, noteAt: Note, depth = 0): void {
  const note: NoteHere = Object.assign((node: Node) => noteAt(node, depth), { inLoop: depth > 0 });
  for (const statement of program.body as Node[]) {
    if (statement.type === 'BlockStatement') {
      statement.params = (statement.params as Node[]).map(param => guardArgument(param, note));
      const { original } = statement.path as hbs.AST.PathExpression;
      const inner = itemBlocks.has(original) ? depth + 1 : depth;
      if (statement.program) guardProgram(statement.program as hbs.AST.Program, noteAt, inner);
      if (statement.inverse) guardProgram(statement.inverse as hbs.AST.Program, noteAt, depth);
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

function guardArguments(node: Node, note: NoteHere): Node[] {
  const params = node.params as Node[];
  const name = (node.path as hbs.AST.PathExpression).original;
  const from = templateHelpers[name]?.acceptsUndefined ? 1 : 0;
  return params.map((param, at) =>
    at < from && param.type === 'PathExpression' ? guardAsked(param, note) : guardArgument(param, note),
  );
}

function guardArgument(param: Node, note: NoteHere): Node {
  if (param.type === 'SubExpression') return { ...param, params: guardArguments(param, note) };
  if (param.type !== 'PathExpression') return param;
  return call({ ...param, path: helperPath('__given') } as Node, [param, number(note(param))]);
}

/**
 * The guard is also given what the path begins with: an item that has it may lack what comes after.
 */
function guardAsked(param: Node, note: NoteHere): Node {
  const { original, parts, data } = param as hbs.AST.PathExpression & Node;
  const [first] = parts as readonly string[];
  if (!note.inLoop || data || first === undefined || /^(?:this\b|[.]\/)/.test(original)) return param;
  const begin = { ...param, parts: [first], original: first };
  return call({ ...param, path: helperPath('__asked') } as Node, [param, begin, number(note(param))]);
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
