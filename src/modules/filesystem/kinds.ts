import { raw, type ShellText, sh } from '../../shell/quote.ts';

interface Kind {
  /** The program that makes it. */
  readonly program: string;
  /** Debian's package of that program. */
  readonly package: string;
  /** The words that make it quietly. None of them forces anything: the device is proven empty. */
  readonly make: ShellText;
  /** The option that sets its UUID. */
  readonly uuid: (uuid: string) => ShellText;
  /** Its size, which the file system itself knows. */
  readonly size?: (path: string) => ShellText;
}

const ext = {
  package: 'e2fsprogs',
  uuid: (uuid: string) => sh`-U ${uuid}`,
  size: (path: string) => sh`dumpe2fs -h ${path}`,
} as const;

/** The file systems that can be made. */
export const kinds = {
  btrfs: { program: 'mkfs.btrfs', package: 'btrfs-progs', make: raw('mkfs.btrfs -q'), uuid: uuid => sh`-U ${uuid}` },
  ext2: { ...ext, program: 'mkfs.ext2', make: raw('mkfs.ext2 -q') },
  ext3: { ...ext, program: 'mkfs.ext3', make: raw('mkfs.ext3 -q') },
  ext4: { ...ext, program: 'mkfs.ext4', make: raw('mkfs.ext4 -q') },
  swap: { program: 'mkswap', package: 'util-linux', make: raw('mkswap'), uuid: uuid => sh`-U ${uuid}` },
  vfat: {
    program: 'mkfs.vfat',
    package: 'dosfstools',
    make: raw('mkfs.vfat'),
    uuid: uuid => sh`-i ${uuid.replace('-', '')}`,
  },
  xfs: {
    program: 'mkfs.xfs',
    package: 'xfsprogs',
    make: raw('mkfs.xfs -q'),
    uuid: uuid => sh`-m ${`uuid=${uuid}`}`,
    size: path => sh`xfs_info ${path}`,
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type Fstype = keyof typeof kinds;

/** What is known of a kind, whichever it is. */
export function kindOf(fstype: Fstype): Kind {
  return kinds[fstype];
}

/** Bytes of a file system from what its tool printed; undefined for text that does not say it. */
export function parseFileSystemSize(text: string): number | undefined {
  const blocks = /^Block count: +(\d+)$/m.exec(text)?.[1] ?? /^data +=.* blocks=(\d+)/m.exec(text)?.[1];
  const size = /^Block size: +(\d+)$/m.exec(text)?.[1] ?? /^data +=\s+bsize=(\d+)/m.exec(text)?.[1];
  return blocks === undefined || size === undefined ? undefined : Number(blocks) * Number(size);
}
