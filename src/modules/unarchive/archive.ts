import { type Entry, entryAt, parseEntry } from '../../host/file/entry.ts';
import { sha256Of } from '../../host/file/goal.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, ask, later, map, own } from '../../shell/look.ts';
import type { Output } from '../../shell/script.ts';
import { handlerOf, listMembers, statMembers } from './commands.ts';
import { escaping, linesOf, type Member, placeOf, readTar, readZip } from './members.ts';
import type { Args } from './schema.ts';

/** An archive on the host. */
export interface Archive {
  readonly source: Entry | undefined;
  /** Where it is a file, and there is a directory to unpack it to. */
  readonly contents: Contents | undefined;
}

/** What an archive holds, and what lies where that will be. */
export interface Contents {
  readonly source: Entry;
  readonly members: readonly Member[];
  /** The name of a member that would land outside of the directory. */
  readonly outside: string | undefined;
  readonly there: Places;
}

/** What lies where the members will be. */
interface Places {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Of all that was printed about them. */
  readonly sha256: string;
}

/** The archive, once it is known whether the program is able, and whether there is a directory. */
export function archiveOnHost(args: Args) {
  const { src, extra_opts } = args;
  const list = (how: Args) => later(ask(handlerOf(src), listMembers(src, how)));
  const looks = all({
    [own]: later(entryAt(src, { follow: true })),
    members: list(args),
    // As the archive has them: extra_opts may give them other names.
    stored: extra_opts.length > 0 ? list({ ...args, extra_opts: [] }) : undefined,
    // xargs leaves with 123 where a member is not there.
    there: later(map(ask('xargs', statMembers(src, args), [0, 123]), placesIn)),
  });
  return map(looks, seen => (able: boolean, directory: boolean): Archive => {
    const source = seen[own]();
    if (source?.kind !== 'file' || !directory) return { source, contents: undefined };
    const listed = seen.members();
    const members = membersIn(listed, src, able);
    const stored = able ? seen.stored?.() : undefined;
    const outside = escaping(stored ? membersIn(stored, src, able) : members)?.name ?? shortened(stored ?? listed);
    return { source, contents: { source, members, outside, there: seen.there() } };
  });
}

function membersIn({ stdout }: Output, src: string, gnu: boolean): readonly Member[] {
  return handlerOf(src) === 'tar' ? readTar(stdout, gnu) : readZip(stdout);
}

/** busybox's tar lists a name that climbs without what makes it climb, and says so. */
function shortened({ stderr }: Output): string | undefined {
  return /^tar: (removing leading .*)$/im.exec(stderr)?.[1];
}

function placesIn({ stdout, stderr, bytes }: Output): Places {
  const wrong = stderr
    .split('\n')
    .find(line => line !== '' && !/: (No such file or directory|Not a directory)$/.test(line));
  if (wrong !== undefined) throw new CannotTell(`could not look at all that lies there: ${wrong}`);
  const entries = linesOf(stdout).map((line): [string, Entry] => {
    const [, name, rest] = /^(.*?) ([0-9a-f]{4} \d+ \d+ \d+ \d+ -?\d+ \d+ \d+ \S+ .+)$/s.exec(line) ?? [];
    if (name === undefined) throw new CannotTell(`stat printed a line that cannot be read: ${JSON.stringify(line)}`);
    return [placeOf(name), parseEntry(`${rest}\n`)];
  });
  return { entries: new Map(entries), sha256: sha256Of(bytes) };
}
