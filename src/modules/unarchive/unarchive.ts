import type { ArgumentProblem } from '../../callable.ts';
import { anyMatch } from '../../host/command/glob.ts';
import { isHostPath } from '../../host/file/arguments.ts';
import { lookUpIds, readIds } from '../../host/file/attributes.ts';
import { type Entry, parseEntry, readEntry, statEntry } from '../../host/file/entry.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { type Answer, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { askVersion, handlerOf, listMembers, statMembers } from './commands.ts';
import { decideUnarchive, type UnarchiveState } from './decide.ts';
import { linesOf, type Member, placeOf, readTar, readZip } from './members.ts';
import { type Args, args, examples, returns } from './schema.ts';

export const unarchive = defineModule({
  name: 'unarchive',
  summary: 'Unpacks an archive into a directory of the host.',
  description:
    'tar unpacks (with what compresses it: gzip, xz, bzip2, zstd), unzip where the name ends in ' +
    '.zip, .jar or .war. With `remote_src` the members are compared with what lies in `dest`: ' +
    'files by kind, size and time, links by kind and length; contents are not read, and what else ' +
    'is there is left alone. An archive of the controller is unpacked where `creates` is absent. ' +
    'A member that would land outside of `dest` is refused. `owner`, `group` and `mode` are for ' +
    'all members.',
  args,
  returns,
  examples,
  problems,
  probe(args) {
    const { src, dest, remote_src, creates } = args;
    return script(
      {
        ...(creates !== undefined && { creates: anyMatch(creates) }),
        dest: statEntry(dest, { follow: true }),
        version: askVersion(src),
        ...lookUpIds(args),
        ...(remote_src && {
          source: statEntry(src, { follow: true }),
          members: listMembers(src, args),
          ...(args.extra_opts.length > 0 && { stored: listMembers(src, { ...args, extra_opts: [] }) }),
          there: statMembers(src, args),
        }),
      },
      { limit: 900 },
    );
  },
  read(answer, args): UnarchiveState {
    const created = args.creates !== undefined && accept(answer, 'creates', [0, 1], 'the look at creates').code === 0;
    const dest = readEntry(answer, 'dest');
    const ids = readIds(answer, args);
    if (created) return { ids, created, dest, able: true };
    const able = readVersion(answer, args.src);
    if (!args.remote_src) return { ids, created, dest, able };
    const source = readEntry(answer, 'source');
    if (source?.kind !== 'file' || dest?.kind !== 'directory') return { ids, created, dest, source, able };
    const members = readMembers(answer, 'members', args, able);
    return {
      ids,
      created,
      dest,
      source,
      able,
      members,
      ...(args.extra_opts.length > 0 && able && { stored: readMembers(answer, 'stored', args, able) }),
      ...readShortened(answer),
      there: readPlaces(answer),
      printed: answer.there!.bytes,
    };
  },
  decide: decideUnarchive,
});

function readVersion(answer: Answer, src: string): boolean {
  const handler = handlerOf(src);
  const version = accept(answer, 'version', [0], handler).stdout;
  if (handler === 'tar' && /GNU tar|busybox/i.test(version)) return /GNU tar/.test(version);
  if (handler === 'unzip' && /^UnZip \d/.test(version)) return true;
  throw new CannotTell(`the host's ${handler} is none whose lists can be read: ${version.trim()}`, {
    advice: `Install the package ${handler} first.`,
    needs: [
      { kind: 'program', name: handler },
      { kind: 'package', name: handler },
    ],
  });
}

function readMembers(answer: Answer, section: string, { src }: { src: string }, gnu: boolean): readonly Member[] {
  const handler = handlerOf(src);
  const { stdout } = accept(answer, section, [0], handler);
  return handler === 'tar' ? readTar(stdout, gnu) : readZip(stdout);
}

/** busybox's tar lists a name that climbs without what makes it climb. */
function readShortened({ stored, members }: Answer): { readonly shortened?: string } {
  const said = /^tar: (removing leading .*)$/im.exec((stored ?? members)!.stderr)?.[1];
  return said === undefined ? {} : { shortened: said };
}

/** xargs leaves with 123 where a member is not there. */
function readPlaces(answer: Answer): ReadonlyMap<string, Entry> {
  const { stdout, stderr } = accept(answer, 'there', [0, 123], 'xargs');
  const wrong = stderr
    .split('\n')
    .find(line => line !== '' && !/: (No such file or directory|Not a directory)$/.test(line));
  if (wrong !== undefined) throw new CannotTell(`could not look at all that lies there: ${wrong}`);
  return new Map(
    linesOf(stdout).map(line => {
      const match = /^(.*?) ([0-9a-f]{4} \d+ \d+ \d+ \d+ -?\d+ \d+ \d+ \S+ .+)$/s.exec(line);
      if (!match) throw new CannotTell(`stat printed a line that cannot be read: ${JSON.stringify(line)}`);
      return [placeOf(match[1]!), parseEntry(`${match[2]}\n`)];
    }),
  );
}

function problems(args: Args): ArgumentProblem[] {
  if (args.remote_src && !isHostPath(args.src)) {
    return [{ argument: 'src', message: 'with remote_src, src is an absolute path on the host' }];
  }
  if (!args.remote_src && args.creates === undefined) {
    const message = 'is needed for an archive of the controller; or bring it with copy, and say remote_src: true';
    return [{ argument: 'creates', message }];
  }
  if (args.extra_opts.length > 0 && handlerOf(args.src) === 'unzip') {
    return [{ argument: 'extra_opts', message: 'are for tar, and this is for unzip' }];
  }
  if (args.list_files && !args.remote_src) return [{ argument: 'list_files', message: 'needs remote_src: true' }];
  return [];
}
