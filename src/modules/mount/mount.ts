import type { ArgumentProblem } from '../../callable.ts';
import { textFile } from '../../host/lines/text.ts';
import { decideMount } from '../../host/mount/decide.ts';
import { mountPoint } from '../../host/mount/point.ts';
import { all } from '../../shell/look.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { mountSource } from './source.ts';

export const mount = defineModule({
  name: 'mount',
  summary: 'Owns a mount point, in fstab and in the running system.',
  description:
    'Compares the entry of fstab and the live mount with its options, and says which of them ' +
    'differed. Options that the kernel does not show (`nofail`, `x-…`) are compared in fstab ' +
    'only. The mount point is made if it is absent, and never removed. Links in its path are ' +
    'followed, and fstab gets the path without them. Swap space is owned in fstab only.',
  args,
  returns,
  examples,
  problems,
  look({ path, fstab, src }) {
    const swap = !path.startsWith('/');
    return all({
      point: swap ? undefined : mountPoint(path, { fstab }),
      file: textFile(fstab, { follow: true }),
      source: swap || src === undefined ? undefined : mountSource(src),
    });
  },
  decide: decideMount,
});

function problems({ path, state, src, fstype }: Args): ArgumentProblem[] {
  const swap = !path.startsWith('/');
  if (swap !== (fstype === 'swap'))
    return [{ argument: 'path', message: 'is none for fstype swap, and a mount point for all others' }];
  if (swap && state !== 'present' && state !== 'absent')
    return [{ argument: 'state', message: 'of swap space is present or absent: swapon and swapoff are commands' }];
  const stored = state === 'mounted' || state === 'present';
  if (src === undefined && (stored || swap)) return [{ argument: 'src', message: `state ${state} needs src` }];
  return stored && fstype === undefined ? [{ argument: 'fstype', message: `state ${state} needs fstype` }] : [];
}
