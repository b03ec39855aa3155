import { change, type Decision, refuse } from '../../decision.ts';
import { formatExtents, noSpace } from '../../host/lvm/extents.ts';
import type { ReadAhead } from '../../host/lvm/read-ahead.ts';
import { numberOf, quiet } from '../../host/lvm/report.ts';
import { noRoom } from '../../host/lvm/thin-room.ts';
import type { Volumes } from '../../host/lvm/volume.ts';
import { raw, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { Args } from './schema.ts';

/** What becomes of the old content of a new thick volume. */
type Erasure = 'none' | 'discard' | 'zero';

/** What lvm_lv reads. */
export interface VolumeState extends Volumes {
  /** `activation/thin_pool_autoextend_threshold`. */
  readonly threshold: number;
}

/** Marks volumes that this module made. */
const madeByUs = 'hostwright';
/**
 * Marks a volume from its creation until it is erased, so that a run that stopped in between is
 * seen.
 */
export const unerased = 'hostwright_unerased';

/**
 * The decision for a volume that is not there.
 * @param wanted its extents; undefined for a share of the group.
 */
export function createVolume(
  args: Args,
  state: VolumeState,
  wanted: number | undefined,
  extentSize: number,
): Decision<VolumeState> {
  const free = numberOf(state.group!, 'vg_free_count');
  if (args.thin_pool !== undefined) {
    const pool = state.volumes.find(row => row.lv_name === args.thin_pool);
    if (!pool) {
      return refuse(`the thin pool ${args.vg}/${args.thin_pool} does not exist`, 'Make it with lvm_thin_pool first.', {
        needs: [{ kind: 'logical-volume', name: `${args.vg}/${args.thin_pool}` }],
      });
    }
    const promised = { bytes: wanted! * extentSize, threshold: state.threshold, free: free * extentSize };
    const refusal = noRoom(pool, state.volumes, promised);
    if (refusal) return refusal;
  } else if (free < (wanted ?? 1)) return noSpace(args.vg, wanted ?? 1, free, extentSize);
  const name = `${args.vg}/${args.lv}`;
  const path = `/dev/${name}`;
  const erasure = erasureOf(args);
  const erases = erasure !== 'none';
  return change('is not there', {
    diff: [
      {
        subject: `logical volume ${name}`,
        before: '',
        after: `${describeVolume(args, wanted, args.readahead, extentSize)}${erases ? `erased at creation: ${erasure}\n` : ''}`,
      },
    ],
    apply: script(creation(args, wanted, extentSize), erases ? { limit: erasing((wanted ?? free) * extentSize) } : {}),
    creates: [
      { kind: 'logical-volume', name },
      { kind: 'path', name: path },
    ],
    result: { path, ...(wanted === undefined ? {} : { size: wanted * extentSize, extents: wanted }) },
  });
}

/** A thin pool has its own zeroing. */
function erasureOf({ thin_pool, erase_on_create, single_tenant }: Args): Erasure {
  if (thin_pool !== undefined) return 'none';
  return erase_on_create ?? (single_tenant ? 'none' : 'zero');
}

/**
 * How long a volume of so many bytes may take to be made and erased, in seconds: 32 MiB in each on
 * a slow disk that others use.
 */
function erasing(bytes: number): number {
  return 1800 + Math.ceil(bytes / 2 ** 25);
}

function creation(args: Args, wanted: number | undefined, extentSize: number): Record<string, ShellText> {
  const readAhead = args.readahead === undefined ? sh`` : sh` -r ${args.readahead}`;
  if (args.thin_pool !== undefined) {
    const size = `${(wanted! * extentSize) / 1024}k`;
    const pool = args.thin_pool;
    return {
      lvcreate: sh`${quiet} lvcreate -y --type thin -V ${size} --thinpool ${pool}${readAhead} --addtag ${madeByUs} -n ${args.lv} ${args.vg}`,
    };
  }
  const size = String(wanted ?? args.size);
  const erasure = erasureOf(args);
  const erases = erasure !== 'none';
  const tags = erases ? ['--addtag', madeByUs, '--addtag', unerased] : ['--addtag', madeByUs];
  // -y is right here: the extents are free. Without it LVM asks about an old signature on them,
  // answers no and leaves a half-made volume.
  const lvcreate = sh`${quiet} lvcreate -y -Wy -Zy${readAhead} ${tags} -l ${size} -n ${args.lv} ${args.vg}`;
  if (!erases) return { lvcreate };
  const option = erasure === 'zero' ? raw('-z ') : raw('');
  const path = `/dev/${args.vg}/${args.lv}`;
  return {
    lvcreate,
    erase: sh`blkdiscard ${option}${path}`,
    erased: sh`${quiet} lvchange --deltag ${unerased} ${`${args.vg}/${args.lv}`}`,
  };
}

/** A volume as text, for diffs. */
export function describeVolume(
  args: Args,
  extents: number | undefined,
  readAhead: ReadAhead | undefined,
  extentSize: number,
  live?: number,
): string {
  const lines = [
    `size: ${extents === undefined ? args.size : formatExtents(extents, extentSize)}`,
    args.thin_pool !== undefined && `thin pool: ${args.thin_pool}`,
    readAhead !== undefined && `read-ahead: ${readAhead}`,
    live !== undefined && `read-ahead in the kernel: ${live} sectors`,
  ];
  return `${lines.filter(line => line !== false).join('\n')}\n`;
}
