import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { extentsFor, formatExtents, noSpace } from '../../host/lvm/extents.ts';
import { expectedLive, liveReadAhead, storedReadAhead } from '../../host/lvm/read-ahead.ts';
import { numberOf, quiet, type Row } from '../../host/lvm/report.ts';
import { noRoom } from '../../host/lvm/thin-room.ts';
import { formatSize } from '../../host/size.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { resizeInGuests } from './block-resize.ts';
import { describeVolume, type Home, unerased, type VolumeState } from './home.ts';
import type { Args } from './schema.ts';

interface Sizes {
  /** Extents that it is to have, and that it has. */
  readonly wanted: number;
  readonly extents: number;
  /** Bytes. */
  readonly extentSize: number;
}

/** The decision for a volume that is there. A share of the group was settled when it was made. */
export function settleVolume(args: Args, home: Home, volume: Row): Decision<VolumeState> {
  const { extentSize } = home;
  const extents = numberOf(volume, 'lv_size') / extentSize;
  const wanted = typeof args.size === 'string' ? extents : extentsFor(args.size, extentSize);
  const sizes = { wanted, extents, extentSize };
  return unfit(args, volume, sizes) ?? noRoomToGrow(args, home, wanted - extents) ?? settle(args, volume, sizes);
}

/** Why it cannot get so many extents more. */
function noRoomToGrow({ thin_pool, vg }: Args, home: Home, more: number): Refuse | undefined {
  const { extentSize, free, threshold, volumes } = home;
  if (more <= 0) return undefined;
  if (thin_pool === undefined) return free < more ? noSpace(vg, more, free, extentSize) : undefined;
  const pool = volumes.find(row => row.lv_name === thin_pool);
  return pool && noRoom(pool, volumes, { bytes: more * extentSize, threshold, free: free * extentSize });
}

function unfit(args: Args, volume: Row, sizes: Sizes): Refuse | undefined {
  const name = `${args.vg}/${args.lv}`;
  if ((volume.lv_tags ?? '').split(',').includes(unerased)) {
    return refuse(
      `logical volume ${name} was made but never erased: the run stopped in between`,
      `If nothing uses it, lvremove ${name} and run again; to keep it as it is, lvchange --deltag ${unerased} ${name}.`,
    );
  }
  if ((volume.pool_lv ?? '') !== (args.thin_pool ?? '')) {
    const is = volume.pool_lv ? `a thin volume in ${volume.pool_lv}` : 'a thick volume';
    const asked = args.thin_pool === undefined ? 'a thick volume' : `a thin volume in ${args.thin_pool}`;
    return refuse(
      `logical volume ${name} is ${is}, not ${asked}`,
      'It is not converted; make another volume and move the data.',
    );
  }
  if (/pool/.test(volume.lv_layout ?? ''))
    return refuse(`${name} is a pool, not a volume for data`, 'Choose another name.');
  return otherSize(args, name, sizes);
}

function otherSize({ grow }: Args, name: string, { extents, extentSize, wanted }: Sizes): Refuse | undefined {
  if (wanted < extents) {
    return refuse(
      `logical volume ${name} has ${formatExtents(extents, extentSize)}, more than ` +
        `${formatExtents(wanted, extentSize)}; it is never shrunk`,
      `Set size to ${formatSize(extents * extentSize)}.`,
    );
  }
  if (grow || wanted === extents) return undefined;
  return refuse(
    `logical volume ${name} has ${formatExtents(extents, extentSize)}, less than ${formatExtents(wanted, extentSize)}`,
    `Set grow: true to extend it, or size to ${formatSize(extents * extentSize)}.`,
  );
}

function settle(args: Args, volume: Row, { extents, extentSize, wanted }: Sizes): Decision<VolumeState> {
  const name = `${args.vg}/${args.lv}`;
  const path = `/dev/${name}`;
  const stored = storedReadAhead(volume);
  const live = liveReadAhead(volume);
  const asked = args.readahead;
  const expected = asked === undefined ? undefined : expectedLive(asked);
  const storedDiffers = asked !== undefined && stored !== asked;
  const liveDiffers = expected !== undefined && live !== undefined && live !== expected;
  const result = { path, size: wanted * extentSize, extents: wanted };
  if (wanted === extents && !storedDiffers && !liveDiffers) {
    return ok('has that size and read-ahead already', { result });
  }
  const reasons = [
    wanted !== extents && `has ${formatExtents(extents, extentSize)}`,
    storedDiffers && `stored read-ahead is ${stored}`,
    liveDiffers && `the kernel's read-ahead is ${live} sectors`,
  ];
  const setLive = expected !== undefined && live !== undefined && (storedDiffers || liveDiffers);
  return change(reasons.filter(text => text !== false).join(', '), {
    diff: [
      {
        subject: `logical volume ${name}`,
        before: describeVolume(args, { size: formatExtents(extents, extentSize), readAhead: stored, live }),
        after: describeVolume(args, {
          size: formatExtents(wanted, extentSize),
          readAhead: asked ?? stored,
          live: setLive ? expected : live,
        }),
      },
    ],
    apply: script({
      ...(wanted !== extents && { lvextend: sh`${quiet} lvextend -l ${wanted} ${name}` }),
      ...(wanted !== extents &&
        volume.lv_device_open === 'open' && { guests: resizeInGuests(path, wanted * extentSize) }),
      ...(storedDiffers && { lvchange: sh`${quiet} lvchange -r ${asked} ${name}` }),
      ...(setLive && { setra: sh`blockdev --setra ${expected} ${path}` }),
    }),
    alters: [{ kind: 'logical-volume', name }],
    result,
  });
}
