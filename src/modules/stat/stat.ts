import { ok } from '../../decision.ts';
import { entryAt } from '../../host/file/entry.ts';
import { type FoundEntry, foundText } from '../../host/file/found-text.ts';
import { printedHash, required } from '../../host/file/hash.ts';
import { formatMode } from '../../host/file/mode.ts';
import { all, type Look, later, map, printed, within } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface StatFields {
  readonly exists?: boolean;
  readonly checksum?: string;
  readonly lnk_source?: string;
}

export const stat = defineModule({
  name: 'stat',
  summary: 'Tells what is at a path.',
  description:
    'Reads only, so it also runs in check mode, and is never `changed`. A path that may ' +
    'not be looked at fails the task.',
  args,
  freeForm: 'path',
  returns,
  found({ stat: entry }) {
    const { exists, checksum, lnk_source } = entry as StatFields;
    if (!exists) return '';
    const source = lnk_source === undefined ? [] : [`leads to ${lnk_source}`];
    return [foundText(entry as FoundEntry), ...source, ...(checksum ? [`checksum ${checksum}`] : [])].join('\n');
  },
  examples,
  look: args =>
    within(
      600,
      map(parts(args), ({ entry, checksum, link }) => ({
        entry,
        checksum: entry?.kind === 'file' ? checksum?.() : undefined,
        link: entry?.kind === 'link' ? link() : undefined,
      })),
    ),
  decide(args, { entry, checksum, link }) {
    if (!entry) return ok('looked: nothing is there', { result: { stat: { exists: false } } });
    const { kind } = entry;
    const found = {
      exists: true,
      path: args.path,
      isreg: kind === 'file',
      isdir: kind === 'directory',
      islnk: kind === 'link',
      isblk: kind === 'block',
      ischr: kind === 'character',
      isfifo: kind === 'fifo',
      issock: kind === 'socket',
      mode: formatMode(entry.mode),
      uid: entry.uid,
      gid: entry.gid,
      pw_name: entry.owner,
      gr_name: entry.group,
      size: entry.size,
      nlink: entry.links,
      mtime: entry.modified,
      inode: Number(entry.inode),
      ...(checksum !== undefined && { checksum }),
      ...(link && { lnk_target: link.target, lnk_source: link.source }),
    };
    return ok(`looked: a ${kind} is there`, { result: { stat: found } });
  },
});

function parts(args: Args) {
  return all({
    entry: entryAt(args.path, args),
    checksum: args.get_checksum ? later(checksumOf(args)) : undefined,
    link: later(linkAt(args.path)),
  });
}

function checksumOf({ path, checksum_algorithm, follow }: Args): Look<string> {
  const link = follow ? sh`` : sh` || [ -L ${path} ]`;
  const program = `${checksum_algorithm}sum`;
  const text = sh`if [ ! -f ${path} ]${link}; then exit 0; fi; ${program} < ${path}`;
  return required(program, path, printedHash(program, text));
}

/** What a link says, and where it leads to in the end. */
function linkAt(path: string) {
  const ask = (text: ShellText) => map(printed('readlink', text), line => line.replace(/\n$/, ''));
  return all({
    target: ask(sh`if [ -L ${path} ]; then readlink -- ${path}; fi`),
    source: ask(sh`if [ -L ${path} ]; then readlink -f -- ${path} || :; fi`),
  });
}
