import { posix } from 'node:path';
import type { ArgumentProblem } from '../../callable.ts';
import { lookUpIds, readIds } from '../../host/file/attributes.ts';
import { findGoal, readPlace, statPlace } from '../../host/file/goal.ts';
import { accept } from '../../shell/answer.ts';
import { raw, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type DownloadState, decideDownload } from './decide.ts';
import { type Args, args, examples, returns } from './schema.ts';

export const getUrl = defineModule({
  name: 'get_url',
  summary: 'Fetches a file from a URL to the host.',
  description:
    'The host fetches it with curl or wget to a temporary name next to its goal, checks ' +
    'the hash and renames it. With `checksum` the file on the host is hashed and fetched ' +
    'again if it is another; without, any file that is there is good, unless `force` is ' +
    'given.',
  args,
  returns,
  examples,
  problems,
  probe(args) {
    const find = findGoal(args.dest, { name: fileName(args.url) });
    const algorithm = args.checksum?.split(':')[0];
    return script(
      {
        entry: statPlace(find),
        ...(algorithm !== undefined && {
          hash: sh`${find}\nif [ -f "$p" ] && [ ! -L "$p" ]; then ${`${algorithm}sum`} < "$p"; fi`,
        }),
        program: raw('command -v curl || command -v wget || :'),
        ...lookUpIds(args),
      },
      { limit: 900 },
    );
  },
  read(answer, args): DownloadState {
    const { path, entry, homeless } = readPlace(answer);
    const hash =
      args.checksum === undefined ? '' : accept(answer, 'hash', [0], `${args.checksum.split(':')[0]}sum`).stdout;
    const program = accept(answer, 'program', [0], 'sh').stdout.trim().split('/').at(-1);
    return {
      path,
      entry,
      homeless,
      hash: /^[0-9a-f]+(?= )/.exec(hash)?.[0],
      program: program === 'curl' || program === 'wget' ? program : undefined,
      ids: readIds(answer, args),
    };
  },
  decide: decideDownload,
});

function fileName(url: string): string {
  const path = new URL(url).pathname;
  const name = posix.basename(path);
  try {
    return decodeURIComponent(name) || 'index.html';
  } catch {
    // A percent sign that begins no code is one.
    return name;
  }
}

function problems({ url, force, checksum }: Args): ArgumentProblem[] {
  if (!URL.canParse(url)) return [{ argument: 'url', message: 'is not a valid URL' }];
  if (/[/\0]/.test(fileName(url))) return [{ argument: 'url', message: 'ends in no usable file name' }];
  if (force && checksum !== undefined)
    return [{ argument: 'force', message: 'has no meaning with checksum: the hash decides' }];
  return [];
}
