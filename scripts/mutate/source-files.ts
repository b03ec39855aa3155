import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { certain } from '../../src/errors.ts';

/**
 * The source files at these paths: files, or folders with all below them. @throws Error for a path
 * that is not there.
 */
export function filesAt(paths: string[]): string[] {
  const missing = paths.find(path => !existsSync(path));
  if (missing !== undefined) throw new Error(`${missing} is not there`);
  const files = paths.flatMap(path => (statSync(path).isDirectory() ? globSync(`${path}/**/*.ts`) : [path]));
  return [...new Set(files)].toSorted();
}

/**
 * The source files that differ from what the branch of `revision` and ours have in common:
 * committed, or not yet.
 */
export function filesChangedSince(revision: string): string[] {
  const base = certain(git(['merge-base', 'HEAD', revision])[0], 'a common commit');
  const known = git(['diff', '--name-only', '--diff-filter=d', base, '--', 'src']);
  const fresh = git(['ls-files', '--others', '--exclude-standard', 'src']);
  return [...new Set([...known, ...fresh])].filter(file => file.endsWith('.ts')).toSorted();
}

function git(words: string[]): string[] {
  const output = execFileSync('git', words, { encoding: 'utf8' });
  return output.split('\n').filter(line => line !== '');
}
