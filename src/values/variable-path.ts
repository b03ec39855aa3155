import { ValueError } from './errors.ts';
import type { Scope } from './scope.ts';

const before = '{{ ';

/**
 * The value of a variable or of a part of it, by its path: `pool.size`, `disks.0`, `disks[0]`.
 * @throws UndefinedName, UnknownValue, ValueError, whose offset counts in the path
 */
export function readVariable(scope: Scope, path: string): unknown {
  try {
    return scope.evaluate(`${before}${templatePath(path)} }}`);
  } catch (error) {
    if (error instanceof ValueError && error.place === undefined && error.offset !== undefined)
      error.offset = Math.max(0, error.offset - before.length);
    throw error;
  }
}

/** A path as templates write it: what is not a name goes in brackets behind a dot. */
export function templatePath(path: string): string {
  return path.replace(/[.](\d+)(?![A-Za-z_])|\[(['"]?)([^\]]*?)\2\]/g, (_, place, __, key) => `.[${place ?? key}]`);
}
