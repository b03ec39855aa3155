import { type CelNode, isCelNode } from './cel-node.ts';
import type { FieldPath } from './field-path.ts';
import { functions } from './functions/index.ts';

/**
 * What a CEL expression names: variables with the place of their first use, and the parts of them
 * that it uses.
 */
export interface ExpressionNames {
  readonly references: ReadonlyMap<string, number>;
  readonly paths: readonly FieldPath[];
  /** Variables that need not exist, because a function asks for them. */
  readonly mayBeMissing: ReadonlySet<string>;
}

const asking: ReadonlySet<string> = new Set(functions.filter(({ asks }) => asks).map(({ name }) => name));

/** Macros whose first argument is a name of their own. */
const binders = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/**
 * How a part of an expression is used: `part` in `has(…)`, `all` where even the variable may be
 * missing.
 */
type Asked = 'part' | 'all' | undefined;

/** Finds the names in a parsed expression. Names that a macro binds are its own. */
export function namesOf(ast: unknown): ExpressionNames {
  const references = new Map<string, number>();
  const paths: FieldPath[] = [];
  const mayBeMissing = new Set<string>();

  function visit(value: unknown, bound: ReadonlySet<string>, asked: Asked): void {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, bound, asked);
      return;
    }
    if (!isCelNode(value)) return;
    const { op, args, start } = value;
    const path = pathOf(value);
    if (path && !bound.has(path.name)) {
      if (!references.has(path.name)) references.set(path.name, start);
      if (asked === 'all') mayBeMissing.add(path.name);
      paths.push({ ...path, offset: start, asked: asked !== undefined });
    } else if (op === 'rcall') {
      const [name, receiver, params] = args as [string, unknown, CelNode[]];
      visit(receiver, bound, undefined);
      const own = binders.has(name) && params[0]?.op === 'id' ? new Set([...bound, String(params[0].args)]) : bound;
      visit(params, own, undefined);
    } else if (op === 'call') {
      const [name, [first, ...more]] = args as [string, readonly unknown[]];
      visit(first, bound, asking.has(name) ? 'all' : name === 'has' ? 'part' : undefined);
      visit(more, bound, undefined);
    } else if (op === '[]') {
      const [of, key] = args as [unknown, unknown];
      visit(of, bound, asked);
      visit(key, bound, undefined);
    } else if (!path) {
      visit(args, bound, op === '.' ? asked : undefined);
    }
  }
  visit(ast, new Set(), undefined);
  return { references, paths, mayBeMissing };
}

/** `a.b.c` as it is written, if the node is that. */
function pathOf({ op, args }: CelNode): { readonly name: string; readonly fields: readonly string[] } | undefined {
  if (op === 'id') return { name: String(args), fields: [] };
  if (op !== '.') return undefined;
  const [of, field] = args as [unknown, string];
  const before = isCelNode(of) ? pathOf(of) : undefined;
  return before && { name: before.name, fields: [...before.fields, field] };
}
