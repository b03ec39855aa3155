import { posix } from 'node:path';
import { CannotTell } from '../../shell/answer.ts';
import { ask, type Look, map } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';

/**
 * Paths as the host sees them: text is compared with mount points, directories of the system,
 * images and exports only after it has been resolved there.
 */

/**
 * The path without slashes that mean nothing and without `.`: what can be said without the host.
 * `..` stays, since a link may come before it.
 */
export function tidyPath(path: string): string {
  const names = path.split('/').filter(name => name !== '' && name !== '.');
  return `/${names.join('/')}`;
}

/**
 * The path of an entry without links in its parents; the entry may be a link itself, or absent.
 * Undefined where the directory cannot be entered.
 * @throws CannotTell
 */
export function realEntry(path: string): Look<string | undefined> {
  const { parent, name } = split(path);
  const print = name === '' ? sh`printf '%s\\n' "$PWD"` : sh`printf '%s\\n' "\${PWD%/}/"${name}`;
  return entryPath(sh`cd -P ${parent} || exit 3; ${print}`);
}

/** The path that a text prints; undefined where it leaves with 3. @throws CannotTell */
export function entryPath(text: ShellText): Look<string | undefined> {
  return map(ask('cd', text, [0, 3]), ({ code, stdout }) => {
    if (code === 3) return undefined;
    if (stdout.startsWith('/') && stdout.endsWith('\n')) return stdout.slice(0, -1);
    throw new CannotTell(`the host named ${JSON.stringify(stdout)} as a path, which is not absolute`);
  });
}

/**
 * Text of a guard: leaves with 75 where the entry at `path` lies elsewhere by now than at `real`.
 * It starts no process.
 */
export function sameEntryPath(path: string, real: string): ShellText {
  const { parent, name } = split(path);
  return sh`cd -P ${parent} && [ "$PWD" = ${name === '' ? real : posix.dirname(real)} ] || exit 75`;
}

/** `/a/..` has no name of its own: all of it is the way to a directory. */
function split(path: string): { parent: string; name: string } {
  const tidy = tidyPath(path);
  const at = tidy.lastIndexOf('/');
  const name = tidy.slice(at + 1);
  return name === '..' ? { parent: tidy, name: '' } : { parent: tidy.slice(0, at) || '/', name };
}
