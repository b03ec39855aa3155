import { ValueError } from './errors.ts';
import type { Scope } from './scope.ts';

const before = '{{ ';

/**
 * The value of a variable or of a part of it, by its path: `pool.size`, `disks.0`.
 * @throws UndefinedName, UnknownValue, ValueError, whose offset counts in the path
 */
export function readVariable(scope: Scope, path: string): unknown {
  try {
    // An item of a list is a name in brackets for templates.
    return scope.evaluate(`${before}${path.replace(/\.(\d+)(?=\.|$)/g, '.[$1]')} }}`);
  } catch (error) {
    if (error instanceof ValueError && error.place === undefined && error.offset !== undefined)
      error.offset = Math.max(0, error.offset - before.length);
    throw error;
  }
}
