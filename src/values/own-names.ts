import { isCelNode } from './cel-node.ts';
import { outsideQuotes } from './expression-text.ts';

/**
 * Words that CEL reserves without a use for them. `if`, `else` and `for` are missing: they come
 * from other languages.
 */
const reserved = 'as|break|const|continue|function|import|let|loop|namespace|package|return|var|void|while';

/** Names of CEL's types, and of constants of the library that no expression needs. */
const typeName = /^(?:string|bool|int|uint|double|map|list|bytes|null_type|type)$/;
const constant = /^(?:cel|optional)$/;

/**
 * An expression in which names that CEL has for itself are others, of the same length so that
 * places stay.
 */
export interface Renamed {
  readonly text: string;
  /** The name in the text to the variable's. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Renames variables that are called like a reserved word. A field of that name (`a.package`) is a
 * field.
 */
export function renameReserved(text: string): Renamed {
  const names = new Map<string, string>();
  const renamed = outsideQuotes(text, code =>
    code.replace(new RegExp(`(?<![\\w.])(?:${reserved})(?!\\w|\\s*\\()`, 'g'), name => otherName(name, names)),
  );
  return { text: renamed, names };
}

/**
 * Renames variables that are called like a type or a constant of CEL; next to `type(x) ==` the name
 * means the type. A null in a branch of a condition becomes a variable that is null: it goes with
 * any type.
 */
export function renameOwnNames(text: string, ast: unknown): Renamed {
  const names = new Map<string, string>();
  let renamed = text;
  function replace(name: string, start: number): void {
    renamed = renamed.slice(0, start) + otherName(name, names) + renamed.slice(start + name.length);
  }
  function visit(value: unknown, typeWanted: boolean): void {
    if (Array.isArray(value)) {
      const besideType = value.length === 2 && value.some(isTypeCall);
      for (const item of value) visit(item, besideType);
      return;
    }
    if (!isCelNode(value)) return;
    const { op, args, start } = value;
    if (op === 'id') {
      const name = String(args);
      if (constant.test(name) || (typeName.test(name) && !typeWanted)) replace(name, start);
      return;
    }
    if (op === '?:') for (const branch of (args as readonly unknown[]).slice(1)) replaceNull(branch);
    visit(args, false);
  }
  function replaceNull(branch: unknown): void {
    if (isCelNode(branch) && branch.op === 'value' && branch.args === null) replace('null', branch.start);
  }
  visit(ast, false);
  return { text: renamed, names };
}

function otherName(name: string, names: Map<string, string>): string {
  const other = `_${name.slice(1).toUpperCase()}`;
  names.set(other, name);
  return other;
}

function isTypeCall(value: unknown): boolean {
  return isCelNode(value) && value.op === 'call' && (value.args as readonly unknown[])[0] === 'type';
}
