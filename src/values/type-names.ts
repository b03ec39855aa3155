/** Names of CEL's types. A variable may have such a name (`type`, `list`): CEL would take the type for it. */
const typeNames: ReadonlySet<string> = new Set([
  ...['string', 'bool', 'int', 'uint', 'double', 'map', 'list', 'bytes', 'null_type', 'type'],
]);

interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
}

/** An expression in which variables with the name of a type have another one, of the same length so that places stay. */
export interface Renamed {
  readonly text: string;
  /** The name in the text to the variable's. */
  readonly names: ReadonlyMap<string, string>;
}

/** Renames variables that are called like a type. Beside `type(x) ==` the name means the type. */
export function renameTypeNames(text: string, ast: unknown): Renamed {
  const names = new Map<string, string>();
  let renamed = text;
  function visit(value: unknown, typeWanted: boolean): void {
    if (Array.isArray(value)) {
      const besideType = value.length === 2 && value.some(isTypeCall);
      for (const item of value) visit(item, besideType);
      return;
    }
    if (typeof value !== 'object' || value === null || !('op' in value)) return;
    const { op, args, start } = value as Node;
    if (op !== 'id') {
      visit(args, false);
    } else if (typeNames.has(String(args)) && !typeWanted) {
      const name = String(args);
      const other = `_${name.slice(1).toUpperCase()}`;
      names.set(other, name);
      renamed = renamed.slice(0, start) + other + renamed.slice(start + name.length);
    }
  }
  visit(ast, false);
  return { text: renamed, names };
}

function isTypeCall(value: unknown): boolean {
  const { op, args } = (value ?? {}) as { op?: string; args?: readonly unknown[] };
  return op === 'call' && args?.[0] === 'type';
}
