import type { DiskWish } from '../../host/domain/args.ts';
import { bypassesHostCache } from '../../host/domain/check-disks.ts';
import type { Illegal } from '../../host/domain/illegal.ts';
import { isCifs, type Storage } from '../../host/domain/storage.ts';
import { noUring, type Uring } from '../../host/domain/uring.ts';
import { ruleUring, uringHangs } from '../../host/domain/uring-rule.ts';
import type { Operation } from './matrix-2016.ts';
import { describeMeasured, manyGuests, measuredIn2016, type RowKey, winnerOf } from './row.ts';

/** How the choice is to be made. */
export interface Policy {
  readonly policy: 'modern' | 'matrix2016';
  readonly workload: Operation | 'mixed';
  readonly guests_on_device: number;
  readonly qcow2_allocation: 'falloc' | 'fallocate';
  readonly nfs_server?: Pick<RowKey, 'disk'> & { readonly fs: 'ext4' | 'xfs' };
  readonly native_on_sparse: boolean;
  readonly io_uring: 'deny' | 'allow';
  /** What io_uring depends on; undefined where it is not asked for. */
  readonly uring: Uring | undefined;
}

/** A disk as the definition has it, and where it lies. */
export interface PresentDisk {
  /** The format of the image: `raw`, `qcow2`. */
  readonly format: string;
  readonly cache: string | undefined;
  readonly discard: string | undefined;
  readonly storage: Storage;
}

/** The rules in the order in which they are asked; the first that knows decides. */
export type Rule = 'explicit' | 'no choice' | 'host cache' | 'allocation' | 'file system' | 'matrix2016' | 'modern';

export interface Verdict {
  /** Undefined where QEMU has no choice. */
  readonly io: 'native' | 'threads' | 'io_uring' | undefined;
  /** Undefined where it stays as it is. */
  readonly discard: string | undefined;
  readonly rule: Rule;
  readonly why: string;
  /** What won in 2016, where that was measured. */
  readonly measured_2016?: string;
}

/** Chooses `io` and `discard` for a disk. */
export function resolveDisk(wanted: DiskWish, disk: PresentDisk, policy: Policy): Verdict | Illegal {
  const { storage } = disk;
  const { io } = wanted;
  const auto = io === undefined || io === 'auto';
  if ((auto || wanted.discard === 'auto') && isLocal(storage) && !storage.present) {
    return {
      message: `has the source ${storage.source || '(none)'}, which is not there`,
      advice: 'Make it first, or say io: threads.',
    };
  }
  if (auto && storage.type === 'volume') {
    return {
      message: 'is a volume of a storage pool, whose place is not looked up',
      advice: 'Say io: native for a block device or a file that is allocated in full, io: threads for any other.',
    };
  }
  const full = allocatedInFull(disk);
  const discard =
    wanted.discard === 'auto'
      ? isLocal(storage) && !(full && storage.type === 'file')
        ? 'unmap'
        : undefined
      : wanted.discard;
  const kept = { ...disk, cache: wanted.cache ?? disk.cache, discard: discard ?? disk.discard };
  const choice = auto ? choose(kept, full, policy) : explicit(io, { ...kept, full }, policy);
  if ('message' in choice) return choice;
  const measured = measuredIn2016(keyOf(disk, full, policy), policy.guests_on_device);
  return { ...choice, discard, ...(measured && { measured_2016: describeMeasured(measured) }) };
}

type Choice = Pick<Verdict, 'io' | 'rule' | 'why'>;

type Io = NonNullable<Verdict['io']>;

function explicit(io: Io, disk: PresentDisk & { readonly full: boolean }, { uring }: Policy): Choice | Illegal {
  const direct = bypassesHostCache(disk.cache);
  if (io === 'native' && !direct) {
    return {
      message: `is to have io=native with cache=${disk.cache ?? '(unset)'}, which libvirt rejects`,
      advice: 'Say cache: none or directsync, or io: threads.',
    };
  }
  if (io === 'io_uring') {
    const ruling = uring ? ruleUring(disk.storage, disk.cache, uring) : { risk: undefined };
    if ('message' in ruling) return ruling;
    return { io, rule: 'explicit', why: ruling.risk ? `asked for; but ${ruling.risk}` : 'asked for' };
  }
  const blocks = io === 'native' && !disk.full && isLocal(disk.storage);
  const why = blocks
    ? 'asked for; but the file is not allocated in full, and each allocation can block the guest'
    : 'asked for';
  return { io, rule: 'explicit', why };
}

function choose(disk: PresentDisk, full: boolean, policy: Policy): Choice {
  const { cache, discard, storage } = disk;
  if (!isLocal(storage)) {
    return { io: undefined, rule: 'no choice', why: `QEMU itself reaches a source of type ${storage.type}` };
  }
  if (!bypassesHostCache(cache)) {
    return {
      io: 'threads',
      rule: 'host cache',
      why: `cache=${cache ?? '(unset)'} goes through the host's cache, and native does not`,
    };
  }
  if (!policy.native_on_sparse && storage.type === 'file') {
    if (!full)
      return {
        io: 'threads',
        rule: 'allocation',
        why: 'the file is not allocated in full, and native would block the guest at each allocation',
      };
    if (discard === 'unmap')
      return {
        io: 'threads',
        rule: 'allocation',
        why: 'discard=unmap punches holes into the file, and native would block the guest when they are filled',
      };
  }
  if (isCifs(storage))
    return { io: 'threads', rule: 'file system', why: `${storage.fileSystem} has no asynchronous I/O of its own` };
  const measured =
    policy.policy === 'matrix2016' ? measuredIn2016(keyOf(disk, full, policy), policy.guests_on_device) : undefined;
  if (measured) {
    const guests =
      policy.guests_on_device >= manyGuests ? `as for many guests, from ${manyGuests} on` : 'as for one guest';
    return {
      io: winnerOf(measured, policy.workload),
      rule: 'matrix2016',
      why: `measured in 2016 for ${policy.workload} ${guests}: ${describeMeasured(measured)}`,
    };
  }
  return modern(disk, full, policy);
}

function modern(disk: PresentDisk, full: boolean, { io_uring, policy, uring }: Policy): Choice {
  const unmeasured = policy === 'matrix2016' ? '; such storage was not measured in 2016' : '';
  const what =
    disk.storage.type === 'block'
      ? 'a block device'
      : full
        ? 'a file that is allocated in full'
        : 'a file with holes, as native_on_sparse says';
  const no = io_uring === 'allow' && uring ? (noUring(uring) ?? uringHangs(disk.storage, disk.cache)) : undefined;
  if (io_uring === 'allow' && no === undefined) {
    return { io: 'io_uring', rule: 'modern', why: `${what}, and io_uring is allowed${unmeasured}` };
  }
  return { io: 'native', rule: 'modern', why: `${what}${no === undefined ? '' : `; no io_uring: ${no}`}${unmeasured}` };
}

function isLocal(storage: Storage): boolean {
  return storage.type === 'file' || storage.type === 'block';
}

function allocatedInFull({ format, storage }: PresentDisk): boolean {
  if (storage.type === 'block') return true;
  if (format === 'raw') return storage.allocated >= storage.size;
  // Of other formats nothing is known, and holes are the safe guess.
  return format === 'qcow2' && storage.qcow2Size !== undefined && storage.allocated >= storage.qcow2Size;
}

/** The row that the disk belongs to; of storage that was not measured, one that is not there. */
function keyOf({ format, storage }: PresentDisk, full: boolean, policy: Policy): RowKey {
  const rotating = storage.devices.length > 0 ? storage.devices.some(device => device.rotating) : undefined;
  const nfs = ['nfs', 'nfs4'].includes(storage.fileSystem ?? '');
  const allocation = full ? (format === 'raw' ? 'full' : policy.qcow2_allocation) : 'none';
  const place = nfs
    ? policy.nfs_server
    : {
        disk: rotating === undefined ? undefined : rotating ? 'hdd' : 'ssd',
        fs: storage.type === 'block' ? 'none' : storage.fileSystem,
      };
  return { ...place, format, allocation, nfs } as RowKey;
}
