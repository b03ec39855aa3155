import type { ArgumentProblem } from '../../callable.ts';
import { isHostPath } from '../../host/file/arguments.ts';
import { defineModule } from '../module.ts';
import { handlerOf } from './commands.ts';
import { decideUnarchive } from './decide.ts';
import { lookUnarchive } from './look.ts';
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
  look: lookUnarchive,
  decide: decideUnarchive,
});

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
