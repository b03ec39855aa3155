import { formatSize } from '../size.ts';

/** One kind of load, in fio's terms. */
export interface Load {
  readonly rw: 'read' | 'write' | 'randread' | 'randwrite' | 'rw' | 'randrw';
  /** Bytes of a request. */
  readonly bs: number;
  /** Requests under way at once, for each job. */
  readonly iodepth: number;
  readonly numjobs: number;
  /** Percent of reads in a mixed load. */
  readonly rwmixread?: number;
}

const [k, m] = [2 ** 10, 2 ** 20];

/**
 * Loads by name. `crystal-*` are the eight of CrystalDiskMark 8; `ffsb-*` follow the workloads of
 * the study that used FFSB (large files in 256 KiB, random requests of 8 KiB, a mail server's
 * mixture), with fio in its place; `random-*` are the studies of 4 KiB and 8 KiB; `luns-*` follow
 * IBM's study of many LUNs, with one job for each path: half reads, half writes, 32 under way.
 */
export const profiles = {
  'crystal-seq1m-q8-read': { rw: 'read', bs: m, iodepth: 8, numjobs: 1 },
  'crystal-seq1m-q8-write': { rw: 'write', bs: m, iodepth: 8, numjobs: 1 },
  'crystal-seq1m-q1-read': { rw: 'read', bs: m, iodepth: 1, numjobs: 1 },
  'crystal-seq1m-q1-write': { rw: 'write', bs: m, iodepth: 1, numjobs: 1 },
  'crystal-rnd4k-q32-read': { rw: 'randread', bs: 4 * k, iodepth: 32, numjobs: 1 },
  'crystal-rnd4k-q32-write': { rw: 'randwrite', bs: 4 * k, iodepth: 32, numjobs: 1 },
  'crystal-rnd4k-q1-read': { rw: 'randread', bs: 4 * k, iodepth: 1, numjobs: 1 },
  'crystal-rnd4k-q1-write': { rw: 'randwrite', bs: 4 * k, iodepth: 1, numjobs: 1 },
  'ffsb-large-file-creates': { rw: 'write', bs: 256 * k, iodepth: 1, numjobs: 8 },
  'ffsb-sequential-reads': { rw: 'read', bs: 256 * k, iodepth: 1, numjobs: 8 },
  'ffsb-random-reads': { rw: 'randread', bs: 8 * k, iodepth: 1, numjobs: 8 },
  'ffsb-random-writes': { rw: 'randwrite', bs: 8 * k, iodepth: 1, numjobs: 8 },
  'ffsb-mail-server': { rw: 'randrw', bs: 4 * k, iodepth: 1, numjobs: 8, rwmixread: 70 },
  'luns-4k-mixed': { rw: 'randrw', bs: 4 * k, iodepth: 32, numjobs: 1, rwmixread: 50 },
  'luns-8k-mixed': { rw: 'randrw', bs: 8 * k, iodepth: 32, numjobs: 1, rwmixread: 50 },
  'random-4k-read': { rw: 'randread', bs: 4 * k, iodepth: 16, numjobs: 4 },
  'random-4k-write': { rw: 'randwrite', bs: 4 * k, iodepth: 16, numjobs: 4 },
  'random-8k-read': { rw: 'randread', bs: 8 * k, iodepth: 16, numjobs: 4 },
  'random-8k-write': { rw: 'randwrite', bs: 8 * k, iodepth: 16, numjobs: 4 },
} as const satisfies Readonly<Record<string, Load>>;

export type ProfileName = keyof typeof profiles;

/** A load for people: `randwrite in 4 KiB, 16 at once in 4 jobs`. */
export function describeLoad({ rw, bs, iodepth, numjobs, rwmixread }: Load): string {
  const mixed = rwmixread === undefined ? '' : ` (${rwmixread} % reads)`;
  return `${rw}${mixed} in ${formatSize(bs)}, ${iodepth} at once${numjobs === 1 ? '' : ` in ${numjobs} jobs`}`;
}

/** Whether a load writes. */
export function writes({ rw }: Load): boolean {
  return rw !== 'read' && rw !== 'randread';
}
