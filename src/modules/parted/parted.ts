import type { ArgumentProblem } from '../../callable.ts';
import { deviceProblems } from '../../host/device/arguments.ts';
import { defineModule } from '../module.ts';
import { decideParted } from './decide.ts';
import { disk } from './disk.ts';
import { type Args, args, examples, returns } from './schema.ts';

/** One partition of a disk, by sfdisk. */
export const parted = defineModule({
  name: 'parted',
  summary: 'A partition of a disk: reads, makes or removes it.',
  description: `Owns one partition: that it is there or not, and, where given, its bounds, name and
flags. A partition that is there is compared and never moved or resized: another start or end is
refused. Differences smaller than the alignment are none.

A partition table is made only on a disk that is proven empty; anything else is refused, unless
\`allow_wipe\` (together with \`--allow data-loss\`) names the disk and exactly the signature types
on it. Removing a partition is the hazard data-loss, and is refused while it is in use. The table
is kept in /var/lib/hostwright/backup/partitions before each change. It takes sfdisk and partx
(Debian: fdisk, util-linux); the kernel is told of the one partition, so that others of the disk
may be in use.`,
  args,
  returns,
  examples,
  problems,
  owns({ device, number, state, part_start, part_end, name, label }) {
    const given = { label, [`partition ${number} start`]: part_start, [`partition ${number} end`]: part_end };
    const all = {
      ...given,
      [`partition ${number} name`]: name,
      ...(state !== 'info' && { [`partition ${number}`]: state }),
    };
    return Object.entries(all).flatMap(([attribute, value]) =>
      value === undefined ? [] : [{ subject: `device ${device}`, attribute, value: String(value) }],
    );
  },
  look: args => disk(args.device),
  decide: decideParted,
});

function problems(args: Args): ArgumentProblem[] {
  if (args.state === 'info') return [];
  const problems = deviceProblems('device', args.device, args);
  if (args.number === undefined) problems.push({ argument: 'number', message: `state ${args.state} needs number` });
  return problems;
}
