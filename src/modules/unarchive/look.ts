import { someMatch } from '../../host/command/conditions.ts';
import { anyMatch } from '../../host/command/glob.ts';
import { ownerIds } from '../../host/file/attributes.ts';
import { entryAt } from '../../host/file/entry.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, type Look, later, map, printed, type Seen, within } from '../../shell/look.ts';
import { archiveOnHost } from './archive.ts';
import { askVersion, handlerOf } from './commands.ts';
import type { Args } from './schema.ts';

/** What {@link lookUnarchive} sees. */
export type UnarchiveState = Seen<ReturnType<typeof lookUnarchive>>;

/**
 * Whether `creates` is there, what is at `dest`, the owners that are wanted, and whether the
 * program can do what GNU's tar can; with `remote_src` the archive, too.
 */
export function lookUnarchive(args: Args) {
  const { src, dest, remote_src, creates } = args;
  const looks = all({
    created: creates === undefined ? undefined : someMatch('creates', anyMatch(creates)),
    dest: entryAt(dest, { follow: true }),
    able: later(ableProgram(src)),
    ids: ownerIds(args),
    archive: remote_src ? archiveOnHost(args) : undefined,
  });
  const state = map(looks, ({ created = false, dest, ids, ...seen }) => {
    if (created) return { created, dest, ids, able: true, archive: undefined };
    const able = seen.able();
    return { created, dest, ids, able, archive: seen.archive?.(able, dest?.kind === 'directory') };
  });
  return within(900, state);
}

/** @throws CannotTell where the program is one whose lists cannot be read */
function ableProgram(src: string): Look<boolean> {
  const handler = handlerOf(src);
  return map(printed(handler, askVersion(src)), version => {
    if (handler === 'tar' && /GNU tar|busybox/i.test(version)) return /GNU tar/.test(version);
    if (handler === 'unzip' && /^UnZip \d/.test(version)) return true;
    throw new CannotTell(`cannot read listings of the host's ${handler}: ${version.trim()}`, {
      advice: `Install the package ${handler} first.`,
      needs: [
        { kind: 'program', name: handler },
        { kind: 'package', name: handler },
      ],
    });
  });
}
