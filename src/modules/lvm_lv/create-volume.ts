import { change, type Decision, refuse } from '../../decision.ts';
import { extentsFor, formatExtents, noSpace } from '../../host/lvm/extents.ts';
import { quiet } from '../../host/lvm/report.ts';
import { noRoom } from '../../host/lvm/thin-room.ts';
import { raw, type ShellText, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import { describeVolume, type Home, unerased, type VolumeState } from './home.ts';
import type { Args } from './schema.ts';

/** What becomes of the old content of a new thick volume. */
type Erasure = 'none' | 'discard' | 'zero';

/** Marks volumes that this module made. */
const madeByUs = 'hostwright';

/** The decision for a volume that is not there. */
export function createVolume(args: Args, home: Home): Decision<VolumeState> {
  const { size, thin_pool } = args;
  return thin_pool === undefined || typeof size === 'string'
    ? createThick(args, home)
    : createThin(args, home, { pool: thin_pool, extents: extentsFor(size, home.extentSize) });
}

function createThick(args: Args, { extentSize, free }: Home): Decision<VolumeState> {
  const wanted = typeof args.size === 'string' ? undefined : extentsFor(args.size, extentSize);
  if (free < (wanted ?? 1)) return noSpace(args.vg, wanted ?? 1, free, extentSize);
  const erasure = erasureOf(args);
  const erases = erasure !== 'none';
  const limit = erases ? { limit: erasing((wanted ?? free) * extentSize) } : {};
  const description = describeVolume(args, {
    size: wanted === undefined ? args.size : formatExtents(wanted, extentSize),
  });
  return creation(args, {
    after: `${description}${erases ? `erased at creation: ${erasure}\n` : ''}`,
    apply: script(thickCommands(args, String(wanted ?? args.size)), limit),
    result: wanted === undefined ? {} : { size: wanted * extentSize, extents: wanted },
  });
}

/** A thin pool has its own zeroing. */
function createThin(
  args: Args,
  home: Home,
  { extents, pool }: { readonly extents: number; readonly pool: string },
): Decision<VolumeState> {
  const { extentSize, free, threshold, volumes } = home;
  const row = volumes.find(volume => volume.lv_name === pool);
  if (!row) {
    return refuse(`the thin pool ${args.vg}/${pool} does not exist`, 'Make it with lvm_thin_pool first.', {
      needs: [{ kind: 'logical-volume', name: `${args.vg}/${pool}` }],
    });
  }
  const size = extents * extentSize;
  const refusal = noRoom(row, volumes, { bytes: size, threshold, free: free * extentSize });
  if (refusal) return refusal;
  const kind = sh`--type thin -V ${`${size / 1024}k`} --thinpool ${pool}${readAheadOf(args)}`;
  return creation(args, {
    after: describeVolume(args, { size: formatExtents(extents, extentSize) }),
    apply: script({ lvcreate: sh`${quiet} lvcreate -y ${kind} --addtag ${madeByUs} -n ${args.lv} ${args.vg}` }),
    result: { size, extents },
  });
}

function creation(
  { lv, vg }: Args,
  { after, apply, result }: { readonly after: string; readonly apply: Script; readonly result: object },
): Decision<VolumeState> {
  const name = `${vg}/${lv}`;
  const path = `/dev/${name}`;
  return change('is not there', {
    diff: [{ subject: `logical volume ${name}`, before: '', after }],
    apply,
    creates: [
      { kind: 'logical-volume', name },
      { kind: 'path', name: path },
    ],
    result: { path, ...result },
  });
}

function erasureOf({ erase_on_create, single_tenant }: Args): Erasure {
  return erase_on_create ?? (single_tenant ? 'none' : 'zero');
}

/**
 * How long a volume of so many bytes may take to be made and erased, in seconds: 32 MiB in each on
 * a slow disk that others use.
 */
function erasing(bytes: number): number {
  return 1800 + Math.ceil(bytes / 2 ** 25);
}

/** @param size extents, or a share of the group. */
function thickCommands(args: Args, size: string): Record<string, ShellText> {
  const { lv, vg } = args;
  const erasure = erasureOf(args);
  const erases = erasure !== 'none';
  const tags = erases ? ['--addtag', madeByUs, '--addtag', unerased] : ['--addtag', madeByUs];
  // -y is right here: the extents are free. Without it LVM asks about an old signature on them,
  // answers no and leaves a half-made volume.
  const lvcreate = sh`${quiet} lvcreate -y -Wy -Zy${readAheadOf(args)} ${tags} -l ${size} -n ${lv} ${vg}`;
  if (!erases) return { lvcreate };
  const option = erasure === 'zero' ? raw('-z ') : raw('');
  return {
    lvcreate,
    erase: sh`blkdiscard ${option}${`/dev/${vg}/${lv}`}`,
    erased: sh`${quiet} lvchange --deltag ${unerased} ${`${vg}/${lv}`}`,
  };
}

function readAheadOf({ readahead }: Args): ShellText {
  return readahead === undefined ? sh`` : sh` -r ${readahead}`;
}
