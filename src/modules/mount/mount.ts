import type { ArgumentProblem } from '../../callable.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { largestText, readText } from '../../host/lines/text.ts';
import { decideMount } from '../../host/mount/decide.ts';
import { probePoint, readPoint } from '../../host/mount/point.ts';
import type { MountState } from '../../host/mount/state.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { printSource, readSource } from './source.ts';

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
  probe({ path, fstab, src }) {
    return script({
      ...(path.startsWith('/') ? probePoint(path, { fstab }) : {}),
      ...probeGoal(fstab, { follow: true, most: largestText }),
      ...(path.startsWith('/') && src !== undefined && { source: printSource(src) }),
    });
  },
  read(answer, { path, src }): MountState {
    const text = readText(answer);
    const source = { real: '', device: '' };
    if (!path.startsWith('/')) return { ...text, source };
    const point = readPoint(answer, path);
    return { ...text, point, source: src === undefined ? source : readSource(answer) };
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
