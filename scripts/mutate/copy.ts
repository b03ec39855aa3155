import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/**
 * A place in which one test file runs at a time: a copy of the project, and a folder for what tests
 * leave.
 */
export type Copy = { project: string; scratch: string };

/** So many copies of a project, in a folder of their own. Packages are not copied. */
export function makeCopies(root: string, count: number): { copies: Copy[]; remove: () => void } {
  // A short name: sockets of the tests lie below it, and their paths have a limit.
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'hwm-'));
  chmodSync(folder, 0o755); // some tests look at theirs as another user
  const copies = Array.from({ length: count }, (_, at) => makeCopy(root, join(folder, String(at))));
  return { copies, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function makeCopy(root: string, folder: string): Copy {
  const copy = { project: join(folder, 'project'), scratch: join(folder, 't') };
  const left = new Set(['node_modules', '.git', 'dist']);
  cpSync(root, copy.project, { recursive: true, filter: path => !left.has(relative(root, path)) });
  symlinkSync(realpathSync(join(root, 'node_modules')), join(copy.project, 'node_modules'));
  return copy;
}

/** Makes the folder for what a test file leaves, empty and open to all as /tmp is. */
export function clearScratch({ scratch }: Copy): void {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch);
  chmodSync(scratch, 0o1777);
}
