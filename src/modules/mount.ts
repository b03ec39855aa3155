import { sh } from '../shell/quote.ts';
import { script } from '../shell/script.ts';
import { pathPattern } from './file/arguments.ts';
import { probeGoal } from './file/goal.ts';
import { parseMountinfo } from './file/mounts.ts';
import { largestText, readText } from './lines/text.ts';
import { type ArgumentProblem, accept, CannotTell, defineModule } from './module.ts';
import { decideMount, type MountState } from './mount/decide.ts';

export const mount = defineModule({
  name: 'mount',
  summary: 'Owns a mount point, in fstab and in the running system.',
  description:
    'Compares the entry of fstab and the live mount with its options, and says which of them differed. Options that the kernel does not show (`nofail`, `x-…`) are compared in fstab only. The mount point is made if it is absent, and never removed.',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['path', 'state'],
    properties: {
      path: { type: 'string', pattern: pathPattern, 'x-aliases': ['name'], description: 'The mount point.' },
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
          'mounted: in fstab and mounted. present: in fstab. unmounted: not mounted, fstab left alone. absent: not mounted and not in fstab. remounted: mounted anew each time.',
      },
      dump: { type: 'string', pattern: '^[0-9]$', default: '0', description: 'The fifth field of fstab.' },
      passno: {
        type: 'string',
        pattern: '^[0-9]$',
        default: '0',
        description: 'The sixth field of fstab: the order of fsck.',
      },
      boot: { type: 'boolean', default: true, description: 'false adds noauto: it is not mounted at boot.' },
      fstab: {
        type: 'string',
        pattern: pathPattern,
        default: '/etc/fstab',
        description: 'The file that is owned instead of /etc/fstab.',
      },
      backup: { type: 'boolean', default: false, description: 'Keeps what was in fstab beside it.' },
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
  check: problems,
  probe(args) {
    const path = args.path.replace(/(.)\/+$/, '$1');
    return script({
      mounts: sh`cat /proc/self/mountinfo`,
      ...probeGoal(args.fstab, { follow: true, most: largestText }),
      point: sh`if [ -d ${path} ]; then echo directory; elif [ -e ${path} ] || [ -L ${path} ]; then echo other; else echo absent; fi`,
      ...(args.src !== undefined && { source: resolveSource(args.src) }),
    });
  },
  read(answer, args): MountState {
    const mounts = parseMountinfo(accept(answer, 'mounts', [0], 'cat /proc/self/mountinfo').stdout);
    if (mounts.length === 0) throw new CannotTell('/proc/self/mountinfo names no mount: is /proc mounted?');
    const point = accept(answer, 'point', [0], 'sh').stdout.trim();
    const source = args.src === undefined ? '' : accept(answer, 'source', [0], 'readlink').stdout;
    const [real = '', device = ''] = source.split('\n');
    return {
      ...readText(answer),
      mount: mounts.findLast(one => one.path === args.path.replace(/(.)\/+$/, '$1')),
      point: point as MountState['point'],
      source: { real, device },
    };
  },
  decide: decideMount,
});

interface Named {
  readonly state: string;
  readonly src?: string;
  readonly fstype?: string;
}

function problems({ state, src, fstype }: Named): ArgumentProblem[] {
  if (state !== 'mounted' && state !== 'present') return [];
  if (src === undefined) return [{ argument: 'src', message: `state ${state} needs src` }];
  return fstype === undefined ? [{ argument: 'fstype', message: `state ${state} needs fstype` }] : [];
}

/** The real path of a device and its major:minor, both empty for what is none: by these it is found among the mounts. */
function resolveSource(src: string) {
  const [, tag, value] = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.*)$/.exec(src) ?? [];
  const path = tag === undefined ? src : `/dev/disk/by-${tag.toLowerCase()}/${value!.replace(/^"|"$/g, '')}`;
  return sh`if [ -b ${path} ]; then readlink -f -- ${path}; stat -L -c '%t:%T' -- ${path}; elif [ -e ${path} ]; then readlink -f -- ${path}; fi`;
}
