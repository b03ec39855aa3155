import type { ArgumentProblem } from '../../callable.ts';
import { defineModule } from '../module.ts';
import { decideDownload } from './decide.ts';
import { downloadGoal, fileName } from './goal.ts';
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
  look: downloadGoal,
  decide: decideDownload,
});

function problems({ url, force, checksum }: Args): ArgumentProblem[] {
  if (!URL.canParse(url)) return [{ argument: 'url', message: 'is not a valid URL' }];
  if (/[/\0]/.test(fileName(url))) return [{ argument: 'url', message: 'ends in no usable file name' }];
  if (force && checksum !== undefined)
    return [{ argument: 'force', message: 'has no meaning with checksum: the hash decides' }];
  return [];
}
