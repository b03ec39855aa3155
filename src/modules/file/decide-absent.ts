import { type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { Decision } from '../module.ts';
import { sameEntry } from './entry.ts';
import { escapeOctal } from './mounts.ts';
import type { PathArguments, PathState } from './probe-path.ts';

/** Directories without which no system runs (Filesystem Hierarchy Standard 3.0, section 3.2). */
const system = /^\/+((bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)\/*)?$/;

/** `state: absent`: refuses what would take more with it than a directory's own files. */
export function decideAbsent({ path }: PathArguments, { entry, mounts, listing }: PathState): Decision {
  if (!entry) return { kind: 'ok', reason: 'is absent already', result: { path, dest: path, state: 'absent' } };
  const refusal = system.test(path) || entry.kind === 'block' || (mounts?.length ?? 0) > 0;
  if (refusal) {
    const why = system.test(path)
      ? 'is a directory of the system'
      : entry.kind === 'block'
        ? 'is a block device'
        : undefined;
    const held = mounts?.[0] === path ? 'is a mount point' : `contains the mount point ${mounts?.[0]}`;
    return {
      kind: 'refuse',
      message: `${path} ${why ?? held}, and will not be removed`,
      advice: why ? 'Name what shall go, not all of it.' : 'Unmount it first (mount: {state: unmounted}).',
    };
  }
  const directory = entry.kind === 'directory';
  return {
    kind: 'change',
    reason: `a ${entry.kind} is there`,
    diff: [
      { subject: path, before: directory ? list(listing ?? []) : `${entry.kind}, ${entry.size} bytes\n`, after: '' },
    ],
    guard: script({
      same: sameEntry(path, entry),
      ...(directory && { mounts: noMountWithin(path) }),
    }),
    apply: script({ remove: directory ? sh`rm -rf -- ${path}` : sh`rm -f -- ${path}` }),
    removes: [{ kind: 'path', name: path }],
    result: { path, dest: path, state: 'absent' },
  };
}

/** Leaves with 75 if something was mounted in the meantime: rm would empty it. */
function noMountWithin(path: string): ShellText {
  const escaped = escapeOctal(path);
  return sh`while read -r _ _ _ _ at _; do case $at in ${escaped}|${escaped}/*) exit 75;; esac; done < /proc/self/mountinfo`;
}

function list(paths: readonly string[]): string {
  return paths
    .slice(0, 100)
    .map(path => `${path}\n`)
    .concat(paths.length > 100 ? '… and more\n' : '')
    .join('');
}
