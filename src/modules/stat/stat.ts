import { ok } from '../../decision.ts';
import { hostPath } from '../../host/file/arguments.ts';
import { type Entry, readEntry, statEntry } from '../../host/file/entry.ts';
import { type FoundEntry, foundText } from '../../host/file/found-text.ts';
import { formatMode } from '../../host/file/mode.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';

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
    'Reads only, so it also runs in check mode, and is never `changed`. A path that may not be looked at fails the task.',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: {
      path: {
        ...hostPath,
        'x-aliases': ['dest', 'name'],
        description: 'The absolute path to look at.',
      },
      follow: { type: 'boolean', default: false, description: 'Looks at what a symbolic link points to.' },
      get_checksum: {
        type: 'boolean',
        default: true,
        description: 'Hashes a regular file; false for files of many GiB.',
      },
      checksum_algorithm: {
        enum: ['md5', 'sha1', 'sha256', 'sha512'],
        default: 'sha256',
        description: 'The hash of checksum.',
      },
    },
  },
  freeForm: 'path',
  returns: {
    type: 'object',
    properties: {
      stat: {
        type: 'object',
        description: 'What is there. Where exists is false, it has no other field.',
        required: ['exists'],
        properties: {
          exists: { type: 'boolean', description: 'Whether anything is there.' },
          path: { type: 'string', description: 'The path that was asked for.' },
          isreg: { type: 'boolean', description: 'A regular file.' },
          isdir: { type: 'boolean', description: 'A directory.' },
          islnk: { type: 'boolean', description: 'A symbolic link.' },
          isblk: { type: 'boolean', description: 'A block device.' },
          ischr: { type: 'boolean', description: 'A character device.' },
          isfifo: { type: 'boolean', description: 'A named pipe.' },
          issock: { type: 'boolean', description: 'A socket.' },
          mode: { type: 'string', description: 'Four octal digits.' },
          uid: { type: 'integer', description: 'The number of its owner.' },
          gid: { type: 'integer', description: 'The number of its group.' },
          pw_name: { type: 'string', description: 'The name of its owner.' },
          gr_name: { type: 'string', description: 'The name of its group.' },
          size: { type: 'integer', description: 'Bytes.' },
          nlink: { type: 'integer', description: 'How many names it has.' },
          mtime: { type: 'integer', description: 'Seconds since 1970.' },
          inode: { type: 'integer', description: 'The number of its inode.' },
          checksum: { type: 'string', description: 'Of a regular file, where get_checksum is true.' },
          lnk_target: { type: 'string', description: 'What a symbolic link says.' },
          lnk_source: { type: 'string', description: 'Where a symbolic link leads in the end.' },
        },
      },
    },
  },
  found({ stat: entry }) {
    const { exists, checksum, lnk_source } = entry as StatFields;
    if (!exists) return '';
    const source = lnk_source === undefined ? [] : [`leads to ${lnk_source}`];
    return [foundText(entry as FoundEntry), ...source, ...(checksum ? [`checksum ${checksum}`] : [])].join('\n');
  },
  examples: ['name: Look at the pool file\nstat:\n  path: /etc/lvm/lvm.conf\nregister: lvm_conf\n'],
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
