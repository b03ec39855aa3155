import type { ArgumentProblem } from '../../callable.ts';
import { imageState } from '../../host/image/state.ts';
import { within } from '../../shell/look.ts';
import { defineModule } from '../module.ts';
import { decideImage } from './decide.ts';
import { type Args, args, examples, returns } from './schema.ts';

/** A disk image of QEMU: a file of its own, or an overlay on a backing file. */
export const qemuImage = defineModule({
  name: 'qemu_image',
  summary: 'A disk image of QEMU, alone or as an overlay on a backing file.',
  description: `Makes the image where there is none, and never in the place of a file. What is
chosen when an image is made (format, clusters, its backing file) is compared afterwards and
refused where it differs; preallocation is not, for a guest may give space back. Nothing is ever
converted, rebased or made smaller.

A backing file must not change once an image uses it: one that a guest may write to is refused, and
\`protect_backing\` takes the permission to write. Neither a backing file nor the image of a guest
is removed or grown under those who need it: domains are asked, and other images in the same
directory.`,
  args,
  returns,
  examples,
  problems,
  owns: ({ path, state }) => [{ subject: `image ${path}`, attribute: 'state', value: state }],
  // All disks of all guests may have to be looked at.
  look: args => within(300, imageState(args, usersMatter(args))),
  decide: decideImage,
});

/** Whether others could be harmed by what is asked. */
function usersMatter({ state, grow, backing }: Args): boolean {
  return state === 'absent' || grow || backing !== undefined;
}

function problems(args: Args): readonly ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  const say = (argument: string, message: string) => problems.push({ argument, message });
  if (args.state === 'absent') return problems;
  if (args.size === undefined && !args.backing) say('size', 'an image that stands alone needs a size');
  if (args.backing?.path === args.path) say('backing', 'an image cannot be its own base');
  if (args.format === 'raw') {
    for (const name of ['backing', 'cluster_size', 'extended_l2'] as const)
      if (args[name] !== undefined) say(name, 'is for qcow2; a raw image is nothing but the disk');
    if (args.preallocation === 'metadata') say('preallocation', 'a raw image has no metadata: falloc or full');
  }
  if (args.backing && args.preallocation !== 'off' && !args.extended_l2)
    say('preallocation', 'on a backing file needs extended_l2: true');
  const bytes = args.cluster_size ?? 65536;
  if (bytes < 512 || bytes > 2 ** 21 || !Number.isInteger(Math.log2(bytes)))
    say('cluster_size', 'must be a power of two from 512 to 2M');
  return problems;
}
