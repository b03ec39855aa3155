import { suggest } from '../language/suggest.ts';
import { ValueError } from './errors.ts';
import { wrongLetters } from './fact-letters.ts';
import type { FieldPath } from './field-path.ts';
import { templateHelpers } from './functions/helpers.ts';
import { celHelper, celOf, isCelCall, isLoopName } from './template-cel.ts';

type Node = hbs.AST.Node & Record<string, unknown>;
type PathNode = hbs.AST.PathExpression & Node;

/** Blocks of Handlebars itself: what each does to the meaning of bare names inside. */
const blocks: Readonly<Record<string, 'same' | 'moves'>> = { if: 'same', unless: 'same', each: 'moves', with: 'moves' };

/**
 * The name that a path begins with, where it begins at the root of the variables: not `this`,
 * `@index` or a part of a loop's item.
 */
export function rootName(path: PathNode, depth: number, locals: ReadonlySet<string>): string | undefined {
  const parts = path.parts as readonly string[];
  if (path.data) return parts[0] === 'root' ? parts[1] : undefined;
  const [first] = parts;
  if (/^this\b/.test(path.original) || first === undefined) return undefined;
  if (path.depth === 0 && locals.has(first)) return undefined;
  return path.depth === depth ? first : undefined;
}

/**
 * What a template names: variables with the place of their first use, and the parts of them that it
 * uses.
 */
export interface TemplateNames {
  readonly references: ReadonlyMap<string, number>;
  readonly paths: readonly FieldPath[];
  /** Variables that need not exist, because a helper asks for them. */
  readonly mayBeMissing: ReadonlySet<string>;
}

/**
 * Finds the names in a parsed template.
 * @throws ValueError for a helper or block that does not exist.
 */
export function templateReferences(program: hbs.AST.Program, offsetOf: (node: Node) => number): TemplateNames {
  const references = new Map<string, number>();
  const paths: FieldPath[] = [];
  const mayBeMissing = new Set<string>();

  function expression(node: Node, depth: number, locals: ReadonlySet<string>, asked = false): void {
    if (node.type === 'PathExpression') {
      const name = rootName(node as PathNode, depth, locals);
      if (name !== undefined) {
        const offset = offsetOf(node);
        if (!references.has(name)) references.set(name, offset);
        if (asked) mayBeMissing.add(name);
        const parts = (node as PathNode).parts as readonly string[];
        paths.push({ name, fields: parts.slice(parts.indexOf(name) + 1), offset, asked });
      }
    }
    if (node.type === 'SubExpression') call(node, depth, locals);
  }
  function call(node: Node, depth: number, locals: ReadonlySet<string>): void {
    const path = node.path as PathNode;
    const params = (node.params ?? []) as Node[];
    const pairs = ((node.hash as { pairs?: { value: Node }[] } | undefined)?.pairs ?? []).map(pair => pair.value);
    const isCall = node.type === 'SubExpression' || params.length + pairs.length > 0;
    if (isCelCall(node)) {
      cel(node, locals);
      return;
    }
    if (pairs.length > 0) {
      const hint = 'Give them by place: {{ join names ", " }}.';
      throw new ValueError(`helper "${path.original}" has no named arguments`, { hint, offset: offsetOf(node) });
    }
    if (/^(eq|ne)$/.test(path.original)) rightLetters(params, offsetOf(node));
    if (isCall) knownHelper(path, offsetOf(node));
    else expression(path, depth, locals);
    const asks = isCall && (templateHelpers[path.original]?.acceptsUndefined ?? false);
    for (const [at, value] of params.entries()) expression(value, depth, locals, asks && at === 0);
  }
  function cel(node: Node, locals: ReadonlySet<string>): void {
    const [text] = node.params as [Node];
    const offset = offsetOf(text) + 1;
    const found = celOf(node, offset);
    const isRoot = (name: string) => !isLoopName(name, locals);
    for (const [name, at] of found.references) {
      if (isRoot(name) && !references.has(name)) references.set(name, offset + at);
    }
    for (const path of found.paths) if (isRoot(path.name)) paths.push({ ...path, offset: offset + path.offset });
    for (const name of found.mayBeMissing) if (isRoot(name)) mayBeMissing.add(name);
  }
  function block(node: Node, depth: number, locals: ReadonlySet<string>): void {
    const name = (node.path as PathNode).original;
    const kind = blocks[name];
    if (!kind) {
      throw new ValueError(`there is no block "#${name}"`, {
        hint: suggest(name, Object.keys(blocks)) ?? `Blocks are ${Object.keys(blocks).join(', ')}.`,
        offset: offsetOf(node),
      });
    }
    for (const param of node.params as Node[]) expression(param, depth, locals);
    const inner = node.program as (hbs.AST.Program & { blockParams?: string[] }) | undefined;
    const names = new Set([...locals, ...(inner?.blockParams ?? [])]);
    if (inner) walk(inner, kind === 'moves' ? depth + 1 : depth, names);
    if (node.inverse) walk(node.inverse as hbs.AST.Program, depth, locals);
  }
  function walk(inner: hbs.AST.Program, depth: number, locals: ReadonlySet<string>): void {
    for (const statement of inner.body as Node[]) {
      if (statement.type === 'MustacheStatement') call(statement, depth, locals);
      else if (statement.type === 'BlockStatement') block(statement, depth, locals);
      else if (statement.type.startsWith('Partial') || statement.type.startsWith('Decorator')) {
        throw new ValueError('partials and decorators are not part of the language', { offset: offsetOf(statement) });
      }
    }
  }
  walk(program, 0, new Set());
  return { references, paths, mayBeMissing };
}

/** @throws ValueError for a fact that is compared with a text in other letters than it has */
function rightLetters(params: readonly Node[], offset: number): void {
  const texts = params.flatMap(({ type, value }) => (type === 'StringLiteral' ? [String(value)] : []));
  const paths = params.filter(({ type }) => type === 'PathExpression').map(({ parts }) => parts as readonly string[]);
  for (const parts of paths) {
    const wrong = wrongLetters(parts.filter(part => part !== 'root').join('.'), texts, offset);
    if (wrong) throw wrong;
  }
}

function knownHelper(path: PathNode, offset: number): void {
  const name = path.original;
  if (Object.hasOwn(templateHelpers, name) || name === 'lookup') return;
  const hint = suggest(name, [...Object.keys(templateHelpers), celHelper]) ?? 'See "hostwright doc functions".';
  throw new ValueError(`there is no helper "${name}"`, { hint, offset });
}
