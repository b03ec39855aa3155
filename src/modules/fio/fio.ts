import type { ArgumentProblem } from '../../callable.ts';
import { deviceProblems, wipeProblems } from '../../host/device/arguments.ts';
import { formatSize } from '../../host/size.ts';
import { defineModule } from '../module.ts';
import { isDevice, loadOf, pathsOf } from './arguments.ts';
import { decideFio, lookAtTargets } from './decide.ts';
import { type Args, args, examples, returns } from './schema.ts';

/** A measurement of a disk. */
export const fio = defineModule({
  name: 'fio',
  summary: 'How fast a disk is, measured by fio.',
  description: `Runs one load several times and gives the mean and the deviation. Without a device
it works on a file that it makes and removes; a file that is there is never written to. A device is
only written to if it is proven empty, or if \`allow_wipe\` (with \`--allow data-loss\`) names it;
its first and last MiB are zero afterwards, so that it counts as empty again. Guests that run on
the host are slowed down, and falsify the figures: then it needs \`--allow service-interruption\`.

Nothing of it can be foretold: check mode says what would be run. A host or guest that measures
again measures again: the task is \`changed\` each time.`,
  args,
  returns,
  examples,
  problems,
  look: lookAtTargets,
  decide: decideFio,
});

function problems(args: Args): readonly ArgumentProblem[] {
  if ((args.path === undefined) === (args.paths === undefined))
    return [{ argument: 'path', message: 'give path or paths, one of them' }];
  const argument = args.paths ? 'paths' : 'path';
  const devices = pathsOf(args).filter(isDevice);
  const problems = devices.flatMap(path => deviceProblems(argument, path, { ...args, allow_wipe: {} }));
  if (devices.length > 0) problems.push(...wipeProblems(argument, devices, args));
  const ends = pathsOf(args).filter(path => /[:,]/.test(path));
  problems.push(...ends.map(path => ({ argument, message: `fio takes : and , as the end of a path: ${path}` })));
  if ((args.profile === undefined) === (args.load === undefined))
    return [...problems, { argument: 'profile', message: 'give profile or load, one of them' }];
  const { bs } = loadOf(args);
  if (bs < 512 || bs > args.size)
    problems.push({ argument: 'size', message: `a request has ${formatSize(bs)}: from 512 bytes to size` });
  return problems;
}
