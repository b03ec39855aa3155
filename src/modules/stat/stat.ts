import { ok } from '../../decision.ts';
import { type Entry, readEntry, statEntry } from '../../host/file/entry.ts';
import { type FoundEntry, foundText } from '../../host/file/found-text.ts';
import { formatMode } from '../../host/file/mode.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

interface State {
  readonly entry: Entry | undefined;
  readonly checksum?: string;
  readonly target?: string;
  readonly source?: string;
}

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
  probe(args) {
    return script(
      {
        entry: statEntry(args.path, args),
        ...(args.get_checksum && { checksum: checksum(args.path, args.checksum_algorithm, args.follow) }),
        target: sh`if [ -L ${args.path} ]; then readlink -- ${args.path}; fi`,
        source: sh`if [ -L ${args.path} ]; then readlink -f -- ${args.path} || :; fi`,
      },
      { limit: 600 },
    );
  },
  read(answer, args): State {
    const entry = readEntry(answer, 'entry');
    if (!entry) return { entry };
    if (entry.kind === 'link') {
      return { entry, target: lineOf(answer, 'target'), source: lineOf(answer, 'source') };
    }
    if (entry.kind !== 'file' || !args.get_checksum) return { entry };
    const hash = /^[0-9a-f]+(?= )/.exec(accept(answer, 'checksum', [0], `${args.checksum_algorithm}sum`).stdout)?.[0];
    if (hash === undefined) throw new CannotTell(`${args.checksum_algorithm}sum printed no hash of ${args.path}`);
    return { entry, checksum: hash };
  },
  decide(args, { entry, checksum, target, source }) {
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
      ...(target !== undefined && { lnk_target: target, lnk_source: source }),
    };
    return ok(`looked: a ${kind} is there`, { result: { stat: found } });
  },
});

function checksum(path: string, algorithm: string, follow: boolean): ShellText {
  const link = follow ? sh`` : sh` || [ -L ${path} ]`;
  return sh`if [ ! -f ${path} ]${link}; then exit 0; fi; ${`${algorithm}sum`} < ${path}`;
}

function lineOf(answer: Answer, section: string): string {
  return accept(answer, section, [0], 'readlink').stdout.replace(/\n$/, '');
}
