import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import type { Entry } from '../../host/file/entry.ts';
import type { Ids } from '../../host/file/ids.ts';
import { refuseDirectory } from '../../host/file/missing-directory.ts';
import { formatMode, resolveMode } from '../../host/file/mode.ts';
import { ownerText, sentKey } from '../../host/file/place.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { LocalFile } from '../../transfers.ts';
import { fileBehind } from '../context-file.ts';
import type { Context } from '../module.ts';
import type { Contents } from './archive.ts';
import { checkNames, extract, handlerOf, setAttributes, statMembers } from './commands.ts';
import type { UnarchiveState } from './look.ts';
import { type Member, placeOf } from './members.ts';
import type { Args } from './schema.ts';

type Entries = ReadonlyMap<string, Entry>;

/**
 * Whether all that the archive holds lies in the directory, and what is to be done where it does
 * not.
 */
export function decideUnarchive(args: Args, state: UnarchiveState, context: Context): Decision {
  const { src, dest } = args;
  if (state.created) return ok(`${args.creates} exists already`, { result: { dest, src } });
  if ('kind' in state.ids) return state.ids;
  const refused = refusalOf(args, state);
  if (refused) return refused;
  const contents = state.archive?.contents;
  return contents
    ? decideOnHost(args, contents, state.ids)
    : bringAndUnpack(args, state.ids, fileBehind('src', context));
}

function decideOnHost(args: Args, contents: Contents, ids: Ids): Decision {
  const { src, dest } = args;
  const { outside, there } = contents;
  if (outside !== undefined) {
    return refuse(
      `${src} holds what would land outside of ${dest}: ${outside}`,
      'Do not unpack it: find out who made it. exclude leaves single members out.',
    );
  }
  // What is stripped of its whole name is left as an absolute one, and not unpacked. Of two with
  // one name the last counts.
  const kept = contents.members.filter(({ name }) => !name.startsWith('/'));
  const members = [...new Map(kept.map(member => [placeOf(member.name), member])).values()];
  const wrong = members.flatMap(member => {
    const before = difference(member, there.entries, { args, ids });
    return before === undefined ? [] : [{ name: placeOf(member.name) || '.', before, after: wanted(member, args) }];
  });
  const files = args.list_files ? { files: members.map(({ name }) => name) } : {};
  const result = { dest, src, handler: handlerOf(src), ...files };
  if (wrong.length === 0) return ok('all that it holds is there', { result });
  const { device, inode, size, modified } = contents.source;
  const seen = `${device} ${inode} ${size} ${modified}`;
  const open = sh`exec 3<${src}
[ "$(stat -L -c '%d %i %s %Y' ${descriptor})" = ${seen} ] || exit 75`;
  return change(`${wrong.length} of ${members.length} members are not there or differ`, {
    diff: [{ subject: dest, before: listed(wrong, 'before'), after: listed(wrong, 'after') }],
    guard: script({
      places: sh`[ "$( ( ${statMembers(src, args)}\n) 2>/dev/null | sha256sum )" = ${`${there.sha256}  -`} ] || \
exit 75`,
    }),
    guarded: 'unpack',
    apply: script({ unpack: unpack(open, args, ids) }),
    alters: [{ kind: 'path', name: dest }],
    result,
  });
}

/**
 * An archive of the controller is not on the host to be compared: `creates` says whether it is
 * unpacked.
 */
function bringAndUnpack(args: Args, ids: Ids, content: LocalFile): Decision {
  const { src, dest, creates } = args;
  if (creates === undefined) throw new Error('an archive of the controller cannot be unpacked without creates');
  const goal = `${dest.replace(/\/+$/, '')}/archive`;
  const take = sh`hw_sent ${dest} "$${raw(sentKey(goal))}"`;
  return change(`${creates} does not exist`, {
    diff: [
      { subject: dest, before: '', after: `what ${src} holds (${content.size} bytes, sha256 ${content.sha256})\n` },
    ],
    sends: [{ goal, content }],
    guard: script({ created: sh`if [ -e ${creates} ] || [ -L ${creates} ]; then exit 75; fi` }),
    apply: script({ unpack: unpack(take, args, ids) }),
    creates: [{ kind: 'path', name: creates }],
    alters: [{ kind: 'path', name: dest }],
    result: { dest, src, handler: handlerOf(src) },
  });
}

/**
 * An archive that is open: what is checked is what is unpacked, wherever its name leads by then.
 */
const descriptor = '/proc/self/fd/3';

function unpack(open: ShellText, args: Args, ids: Ids): ShellText {
  const attributes = setAttributes(descriptor, args, ownerText(ids));
  return join([open, checkNames(descriptor, args), sh`( ${extract(descriptor, args)}\n) || exit`, attributes]);
}

/** What stands there instead, in words; undefined where it is right. */
function difference(member: Member, there: Entries, { args, ids }: { args: Args; ids: Ids }): string | undefined {
  const entry = there.get(placeOf(member.name));
  if (!entry) return 'absent';
  const same = member.kind === 'hard' ? sameInode(member, entry, there) : sameContent(member, entry, args);
  if (!same) return `${entry.kind}, ${entry.size} bytes`;
  if ((ids.uid ?? entry.uid) !== entry.uid || (ids.gid ?? entry.gid) !== entry.gid) return `${entry.uid}:${entry.gid}`;
  if (args.mode === undefined || entry.kind === 'link') return undefined;
  const mode = resolveMode(args.mode, entry.mode, entry.kind === 'directory');
  return mode === entry.mode ? undefined : formatMode(entry.mode);
}

function sameInode(member: Member, entry: Entry, there: Entries): boolean {
  const target = there.get(placeOf(member.target ?? ''));
  return entry.kind === 'file' && (target?.inode ?? entry.inode) === entry.inode;
}

/** A file is the same by size and time, as for rsync: neither program compares contents. */
function sameContent(member: Member, entry: Entry, args: Args): boolean {
  if (member.kind === 'directory') return entry.kind === 'directory';
  if (member.kind === 'link') return entry.kind === 'link' && entry.size === member.size;
  if (member.kind === 'other') return entry.kind !== 'file' && entry.kind !== 'directory' && entry.kind !== 'link';
  if (entry.kind !== 'file') return false;
  const late = entry.modified - member.modified;
  if (args.keep_newer && late > 0) return true;
  // Times in zip files may be even seconds only.
  return entry.size === member.size && Math.abs(late) <= (handlerOf(args.src) === 'unzip' ? 2 : 0);
}

function wanted({ kind, size }: Member, args: Args): string {
  const attributes = [args.mode, args.owner, args.group].filter(part => part !== undefined);
  return [kind === 'file' ? `file, ${size} bytes` : kind, ...attributes].join(' ');
}

function listed(
  wrong: readonly { readonly name: string; readonly before: string; readonly after: string }[],
  side: 'before' | 'after',
): string {
  const lines = wrong.slice(0, 100).map(item => `${item.name}: ${item[side]}\n`);
  return [...lines, ...(wrong.length > 100 ? ['… and more\n'] : [])].join('');
}

function refusalOf(args: Args, { dest, archive, able }: UnarchiveState): Refuse | undefined {
  if (dest?.kind !== 'directory') return refuseDirectory(args.dest, dest?.kind);
  const source = archive?.source;
  if (args.remote_src && source?.kind !== 'file') {
    return refuse(
      source ? `${args.src} is a ${source.kind}, not a file` : `${args.src} does not exist on the host`,
      'Bring it to the host first, with copy or get_url.',
      { needs: [{ kind: 'path', name: args.src }] },
    );
  }
  const options = [...args.include, ...args.exclude, ...args.extra_opts];
  if (able || (options.length === 0 && !args.keep_newer)) return undefined;
  return refuse(
    'include, exclude, extra_opts and keep_newer need GNU tar, and the host has another',
    'Install the package tar first.',
    {
      needs: [
        { kind: 'program', name: 'tar' },
        { kind: 'package', name: 'tar' },
      ],
    },
  );
}
