import { posix } from 'node:path';
import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { type Entry, sameEntry } from '../../host/file/entry.ts';
import { noMountWithin } from '../../host/file/mounts.ts';
import { sameEntryPath, tidyPath } from '../../host/file/resolve.ts';
import { CannotTell } from '../../shell/answer.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { Removal } from './path-state.ts';
import type { Args } from './schema.ts';
import { isSystemDirectory } from './system-directories.ts';

/**
 * `state: absent`: refuses what would take more with it than a directory's own files.
 * @throws CannotTell where something is there and the host does not say where that lies
 */
export function decideAbsent({ path }: Args, entry: Entry | undefined, removal: Removal): Decision {
  const { real, listing } = removal;
  const result = { path, dest: path, state: 'absent' };
  if (!entry) return ok('is absent already', { result });
  if (real === undefined) throw new CannotTell(`the directory that ${path} lies in cannot be entered`);
  const refusal = refuseMore(path, entry.kind, { ...removal, real });
  if (refusal) return refusal;
  const directory = entry.kind === 'directory';
  return change(`a ${entry.kind} is there`, {
    diff: [{ subject: path, before: directory ? list(listing) : `${entry.kind}, ${entry.size} bytes\n`, after: '' }],
    guard: script({
      real: sameEntryPath(path, real),
      same: sameEntry(tidyPath(path), entry),
      ...(directory && { mounts: noMountWithin(real) }),
    }),
    apply: script({ remove: remove(real, directory) }),
    contained: true,
    removes: [{ kind: 'path', name: path }],
    result,
  });
}

function refuseMore(
  path: string,
  kind: Entry['kind'],
  { real, system, mounts }: Removal & { readonly real: string },
): Refuse | undefined {
  const name = real === tidyPath(path) ? path : `${path} (${real})`;
  const notRemoved = (why: string, advice: string): Refuse => refuse(`${name} ${why}, and will not be removed`, advice);
  const whole = 'Name what to remove, not all of it.';
  if (isSystemDirectory(real) || system.length > 0) return notRemoved('is a directory of the system', whole);
  if (kind === 'block') return notRemoved('is a block device', whole);
  const [first] = mounts;
  if (first === undefined) return undefined;
  const held = mounts.includes(real) ? 'is a mount point' : `contains the mount point ${first}`;
  return notRemoved(held, 'Unmount it first (mount: {state: unmounted}).');
}

/** Goes to the directory and removes a name there, so that no link can be put in the way. */
function remove(real: string, directory: boolean): ShellText {
  const parent = posix.dirname(real);
  const name = `./${posix.basename(real)}`;
  return join([
    sh`hw_cd ${parent}`,
    ...(directory
      ? [
          raw('# Not every rm can stay on one file system.'),
          raw('one=--one-file-system; rm -f "$one" 2>/dev/null || one='),
          sh`hw_e=$(exec rm -rf \${one:+"$one"} -- ${name} 2>&1) || hw_stuck ${name} "$hw_e"`,
        ]
      : [sh`hw_e=$(exec rm -f -- ${name} 2>&1) || hw_stuck ${name} "$hw_e"`]),
  ]);
}

function list(paths: readonly string[]): string {
  return paths
    .slice(0, 100)
    .map(path => `${path}\n`)
    .concat(paths.length > 100 ? '… and more\n' : '')
    .join('');
}
