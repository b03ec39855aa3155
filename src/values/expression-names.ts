import type { FieldPath } from './field-path.ts';

interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
}

/** What a CEL expression names: variables with the place of their first use, and the parts of them that it uses. */
export interface ExpressionNames {
  readonly references: ReadonlyMap<string, number>;
  readonly paths: readonly FieldPath[];
}

/** Macros whose first argument is a name of their own. */
const binders = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** Finds the names in a parsed expression. Names that a macro binds are its own. */
export function namesOf(ast: unknown): ExpressionNames {
  const references = new Map<string, number>();
  const paths: FieldPath[] = [];

  function visit(value: unknown, bound: ReadonlySet<string>, asked: boolean): void {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, bound, asked);
      return;
    }
    if (!isNode(value)) return;
    const { op, args, start } = value;
    const path = pathOf(value);
    if (path && !bound.has(path.name)) {
      if (!references.has(path.name)) references.set(path.name, start);
      paths.push({ ...path, offset: start, asked });
    } else if (op === 'rcall') {
      const [name, receiver, params] = args as [string, unknown, Node[]];
      visit(receiver, bound, asked);
      const own = binders.has(name) && params[0]?.op === 'id' ? new Set([...bound, String(params[0].args)]) : bound;
      visit(params, own, asked);
    } else if (op === 'call') {
      const [name, params] = args as [string, unknown];
      visit(params, bound, asked || name === 'has');
    } else if (!path) {
      visit(args, bound, asked);
    }
  }
  visit(ast, new Set(), false);
  return { references, paths };
}

/** `a.b.c` as it is written, if the node is that. */
function pathOf({ op, args }: Node): { readonly name: string; readonly fields: readonly string[] } | undefined {
  if (op === 'id') return { name: String(args), fields: [] };
  if (op !== '.') return undefined;
  const [of, field] = args as [unknown, string];
  const before = isNode(of) ? pathOf(of) : undefined;
  return before && { name: before.name, fields: [...before.fields, field] };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'op' in value;
}
