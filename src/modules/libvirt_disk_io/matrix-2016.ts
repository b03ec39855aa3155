/** The values of libvirt's `io=` that were measured. */
export type Winner = 'native' | 'threads';

/** Operations that were measured one by one. */
export type Operation = 'read' | 'randread' | 'write' | 'randwrite' | 'randrw';

/** What won: `base`, but for the operations in `except`, where the other side did. */
export interface Measured {
  readonly base: Winner | 'either';
  /** With base `either`: which to take. */
  readonly lean?: Winner;
  /** Operations that threads won, and by how much. */
  readonly except?: Readonly<Partial<Record<Operation, string>>>;
  /** What else was said. */
  readonly note?: string;
}

export interface Row {
  readonly disk: 'ssd' | 'hdd';
  /** Where the image lies; `none` is a logical volume. */
  readonly fs: 'none' | 'ext4' | 'xfs';
  readonly format: 'raw' | 'qcow2';
  readonly allocation: 'full' | 'none' | 'falloc' | 'fallocate';
  /** Over NFS: `disk` and `fs` are the server's. */
  readonly nfs: boolean;
  /** One guest on the device. */
  readonly single: Measured;
  /** Sixteen guests on the device. */
  readonly multi: Measured;
}

const native: Measured = { base: 'native' };
const ssd = { disk: 'ssd', nfs: false } as const;
const hdd = { disk: 'hdd', nfs: false } as const;
const nfs = { disk: 'ssd', nfs: true } as const;

/**
 * Native against threads, as measured by Red Hat for devconf.cz 2016: RHEL 7.2 (kernel 3.10), QEMU
 * 2.3 with batched submission, virtio-blk, cache=none, 4K to 64K. Disks that spin were not measured
 * over NFS. In three rows a cell of the published table was lost and follows from their order: the
 * two on SSD, and the one of ext4 on a disk that spins, whose notes say so.
 */
export const matrix2016: readonly Row[] = [
  {
    ...ssd,
    fs: 'none',
    format: 'raw',
    allocation: 'full',
    single: { base: 'threads', note: '4K read and randread +10-15%, 4K write +26%' },
    multi: { base: 'either', lean: 'native' },
  },
  {
    ...ssd,
    fs: 'ext4',
    format: 'raw',
    allocation: 'full',
    single: { base: 'native', except: { read: '10-15% at 4K', randread: '8% at 4K' } },
    multi: { base: 'either', except: { read: '1% at 4K' } },
  },
  {
    ...ssd,
    fs: 'xfs',
    format: 'raw',
    allocation: 'full',
    single: { base: 'threads' },
    multi: { base: 'either', lean: 'native', except: { write: '' } },
  },
  {
    ...nfs,
    fs: 'ext4',
    format: 'raw',
    allocation: 'full',
    single: { base: 'native', except: { read: '12% at 4K and 16K', randread: '12% at 4K and 16K' } },
    multi: { base: 'either', lean: 'native' },
  },
  {
    ...nfs,
    fs: 'xfs',
    format: 'raw',
    allocation: 'full',
    single: { base: 'native', except: { read: '', randread: '' } },
    multi: native,
  },
  {
    ...ssd,
    fs: 'ext4',
    format: 'qcow2',
    allocation: 'none',
    single: { base: 'native', except: { read: 'under 10%', randread: 'under 10%' } },
    multi: { base: 'native', note: 'read native +10-15%' },
  },
  {
    ...ssd,
    fs: 'xfs',
    format: 'qcow2',
    allocation: 'none',
    single: { base: 'native', except: { read: '6%' } },
    multi: { base: 'native', except: { write: '8%' } },
  },
  {
    ...ssd,
    fs: 'ext4',
    format: 'qcow2',
    allocation: 'falloc',
    single: { base: 'native', except: { read: 'under 10%' } },
    multi: { base: 'native', except: { read: 'slightly', randread: 'slightly' } },
  },
  {
    ...ssd,
    fs: 'xfs',
    format: 'qcow2',
    allocation: 'falloc',
    single: { base: 'native', except: { read: 'under 10%', randread: 'under 10%' } },
    multi: { base: 'native', except: { write: '' } },
  },
  {
    ...ssd,
    fs: 'ext4',
    format: 'qcow2',
    allocation: 'fallocate',
    single: {
      base: 'native',
      except: { read: '12% at 4K and 16K', randread: '12% at 4K and 16K' },
      note: 'how it was allocated follows from the order of the table',
    },
    multi: native,
  },
  {
    ...ssd,
    fs: 'xfs',
    format: 'qcow2',
    allocation: 'fallocate',
    single: { base: 'native', except: { read: 'under 10%' } },
    multi: {
      base: 'native',
      except: { randread: '', write: 'at 4K' },
      note: 'how it was allocated follows from the order of the table',
    },
  },
  { ...hdd, fs: 'none', format: 'raw', allocation: 'full', single: native, multi: native },
  { ...hdd, fs: 'ext4', format: 'raw', allocation: 'full', single: native, multi: native },
  { ...hdd, fs: 'xfs', format: 'raw', allocation: 'full', single: native, multi: native },
  {
    ...hdd,
    fs: 'ext4',
    format: 'qcow2',
    allocation: 'none',
    single: { base: 'native', except: { randread: '30%' } },
    multi: { base: 'native', except: { read: 'at 4K' } },
  },
  {
    ...hdd,
    fs: 'xfs',
    format: 'qcow2',
    allocation: 'none',
    single: { base: 'native', except: { write: '30%' } },
    multi: { base: 'native', except: { read: 'at 4K' } },
  },
  {
    ...hdd,
    fs: 'ext4',
    format: 'qcow2',
    allocation: 'falloc',
    single: {
      base: 'native',
      except: { randread: '30%' },
      note: 'format and allocation follow from the order of the table',
    },
    multi: { base: 'native', except: { read: 'at 4K' } },
  },
  {
    ...hdd,
    fs: 'xfs',
    format: 'qcow2',
    allocation: 'falloc',
    single: { base: 'native', except: { write: '30%' } },
    multi: { base: 'native', except: { randread: 'at 4K' } },
  },
  {
    ...hdd,
    fs: 'ext4',
    format: 'qcow2',
    allocation: 'fallocate',
    single: native,
    multi: { base: 'native', except: { randread: '15% at 4K' } },
  },
  {
    ...hdd,
    fs: 'xfs',
    format: 'qcow2',
    allocation: 'fallocate',
    single: { base: 'native', except: { write: '30%' } },
    multi: { base: 'native', except: { randread: '30%' }, note: 'threads +3-4% elsewhere' },
  },
];
