import type { ArgumentProblem } from '../../callable.ts';
import { pathPattern } from '../../host/file/arguments.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { largestText, readText } from '../../host/lines/text.ts';
import { decideMount, type MountState } from '../../host/mount/decide.ts';
import { probePoint, readPoint } from '../../host/mount/point.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { printSource, readSource } from './source.ts';

const digit = {
  anyOf: [
    { type: 'integer', minimum: 0, maximum: 9 },
    { type: 'string', pattern: '^[0-9]$' },
  ],
  default: 0,
} as const;

export const mount = defineModule({
  name: 'mount',
  summary: 'Owns a mount point, in fstab and in the running system.',
  description:
    'Compares the entry of fstab and the live mount with its options, and says which of them ' +
    'differed. Options that the kernel does not show (`nofail`, `x-…`) are compared in fstab ' +
    'only. The mount point is made if it is absent, and never removed. Links in its path are ' +
    'followed, and fstab gets the path without them. Swap space is owned in fstab only.',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path', 'state'],
    properties: {
      path: {
        type: 'string',
        pattern: `${pathPattern}|^none$|^swap$`,
        'x-aliases': ['name'],
        description: 'The mount point; for swap space none.',
      },
      src: {
        type: 'string',
        minLength: 1,
        description: 'The device, UUID=…, LABEL=…, host:/path, or any word for file systems without a device.',
      },
      fstype: {
        type: 'string',
        pattern: '^[a-z0-9._,-]+$',
        description: 'The type of the file system: ext4, xfs, hugetlbfs, nfs4.',
      },
      opts: {
        type: 'string',
        pattern: '^\\S+$',
        default: 'defaults',
        description: 'Options with commas between them.',
      },
      state: {
        enum: ['mounted', 'present', 'absent', 'unmounted', 'remounted'],
        description:
          'mounted: in fstab and mounted. present: in fstab. unmounted: not mounted, fstab left ' +
          'alone. absent: not mounted and not in fstab. remounted: mounted again each time.',
      },
      dump: { ...digit, description: 'The fifth field of fstab.' },
      passno: {
        ...digit,
        description: 'The sixth field of fstab: the order of fsck.',
      },
      boot: { type: 'boolean', default: true, description: 'false adds noauto: it is not mounted at boot.' },
      fstab: {
        type: 'string',
        pattern: pathPattern,
        default: '/etc/fstab',
        description: 'The file that is owned instead of /etc/fstab.',
      },
      backup: { type: 'boolean', default: false, description: 'Keeps the old fstab next to it.' },
    },
  },
  returns: {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'The mount point.' },
      mounted: { type: 'boolean', description: 'Whether something is mounted there.' },
    },
  },
  examples: [
    'name: 1 GiB pages can be mapped\nmount:\n  path: /dev/hugepages1G\n  src: hugetlbfs\n  fstype: hugetlbfs\n  opts: pagesize=1G,mode=0770\n  state: mounted\n',
  ],
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

interface Named {
  readonly path: string;
  readonly state: string;
  readonly src?: string;
  readonly fstype?: string;
}

function problems({ path, state, src, fstype }: Named): ArgumentProblem[] {
  const swap = !path.startsWith('/');
  if (swap !== (fstype === 'swap'))
    return [{ argument: 'path', message: 'is none for fstype swap, and a mount point for all others' }];
  if (swap && state !== 'present' && state !== 'absent')
    return [{ argument: 'state', message: 'of swap space is present or absent: swapon and swapoff are commands' }];
  const stored = state === 'mounted' || state === 'present';
  if (src === undefined && (stored || swap)) return [{ argument: 'src', message: `state ${state} needs src` }];
  return stored && fstype === undefined ? [{ argument: 'fstype', message: `state ${state} needs fstype` }] : [];
}
