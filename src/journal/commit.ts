import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { HostwrightError } from '../errors.ts';
import type { Commit } from '../events/run-start.ts';
import { gitLocal } from '../pinned/git.ts';

/**
 * The commit that a folder is at, as git-status(1) tells it with `--porcelain=v2`; undefined
 * outside a repository, before its first commit, and where git cannot say.
 */
export function commitOf(folder: string): Commit | undefined {
  if (!isInRepository(folder)) return undefined;
  let text: string;
  try {
    text = gitLocal(['-C', folder, 'status', '--porcelain=v2', '--branch', '--untracked-files=normal']);
  } catch (error) {
    if (error instanceof HostwrightError) return undefined;
    throw error;
  }
  const id = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(text)?.[1];
  return id === undefined ? undefined : { id, clean: !/^[^#]/m.test(text) };
}

/** Without a repository git need not be started. */
function isInRepository(folder: string): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true;
    if (at === dirname(at)) return false;
  }
}
