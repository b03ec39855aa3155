import type { ArgumentProblem, Owned } from '../../callable.ts';
import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { extentsFor, formatExtents, noSpace } from '../../host/lvm/extents.ts';
import { expectedLive, liveReadAhead, storedReadAhead } from '../../host/lvm/read-ahead.ts';
import { numberOf, quiet, type Row } from '../../host/lvm/report.ts';
import { noRoom, type Promised } from '../../host/lvm/thin-room.ts';
import { groupMissing, readVolumes, volumeSections } from '../../host/lvm/volume.ts';
import { formatSize } from '../../host/size.ts';
import { accept } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { resizeInGuests } from './block-resize.ts';
import { createVolume, describeVolume, unerased, type VolumeState } from './create-volume.ts';
import { type Args, args, examples, returns } from './schema.ts';

/** Thick and thin logical volumes: sizes in extents, read-ahead stored and live. */
export const lvmLogicalVolume = defineModule({
  name: 'lvm_lv',
  summary: 'A logical volume of a size, with its read-ahead.',
  description: `Owns the volume's existence, its size (compared in extents, so 300M in a group of
256 MiB extents is 2 extents) and, where given, its read-ahead: the value in LVM's metadata and the
kernel's. It grows only with \`grow: true\`, it never shrinks, and what is on a volume that was
there before is never touched. Read-ahead has no effect while every disk on the volume uses
cache=none or directsync. A guest of libvirt that runs from a grown volume is told its new size
(\`virsh blockresize\`); images that have a size of their own stay.`,
  args,
  returns,
  examples,
  problems,
  owns,
  probe: args =>
    script({
      ...volumeSections(args.vg),
      ...(args.thin_pool === undefined
        ? {}
        : { threshold: sh`${quiet} lvmconfig --typeconfig full activation/thin_pool_autoextend_threshold` }),
    }),
  read: (answer, args): VolumeState => {
    const printed = args.thin_pool === undefined ? '' : accept(answer, 'threshold', [0], 'lvmconfig').stdout;
    return { ...readVolumes(answer, args.vg), threshold: Number(/=(\d+)/.exec(printed)?.[1] ?? 100) };
  },
  decide,
});

function problems(args: Args): readonly ArgumentProblem[] {
  if (args.thin_pool === undefined) return tenantProblems(args);
  const problems: ArgumentProblem[] = [];
  if (typeof args.size === 'string')
    problems.push({ argument: 'size', message: 'a thin volume needs a size such as 100G, not a share' });
  if (args.erase_on_create !== undefined && args.erase_on_create !== 'none') {
    problems.push({
      argument: 'erase_on_create',
      message: 'is for thick volumes; a thin pool has zero: true for this',
    });
  }
  return problems;
}

function tenantProblems({ erase_on_create: erase, single_tenant }: Args): readonly ArgumentProblem[] {
  if (erase === undefined || erase === 'zero' || single_tenant) return [];
  const instead = 'zero, or single_tenant: true if there is only one';
  const message = `${erase} may hand another tenant's data to a new volume: ${instead}`;
  return [{ argument: 'erase_on_create', message }];
}

function owns(args: Args): readonly Owned[] {
  const subject = `logical volume ${args.vg}/${args.lv}`;
  const given = [
    { attribute: 'size', value: String(args.size) },
    { attribute: 'readahead', value: args.readahead },
    { attribute: 'thin pool', value: args.thin_pool },
  ];
  return given.flatMap(({ attribute, value }) =>
    value === undefined ? [] : [{ subject, attribute, value: String(value) }],
  );
}

function decide(args: Args, state: VolumeState): Decision<VolumeState> {
  if (state.unusable) return state.unusable;
  if (!state.group) return groupMissing(args.vg);
  const extentSize = numberOf(state.group, 'vg_extent_size');
  const volume = state.volumes.find(row => row.lv_name === args.lv);
  const wanted = typeof args.size === 'string' ? undefined : extentsFor(args.size, extentSize);
  if (!volume) return createVolume(args, state, wanted, extentSize);
  const extents = numberOf(volume, 'lv_size') / extentSize;
  const refusal = unfit(args, volume, wanted, extents, extentSize);
  if (refusal) return refusal;
  const grows = wanted !== undefined && wanted > extents;
  if (grows && args.thin_pool === undefined && numberOf(state.group, 'vg_free_count') < wanted - extents) {
    return noSpace(args.vg, wanted - extents, numberOf(state.group, 'vg_free_count'), extentSize);
  }
  const pool = state.volumes.find(row => grows && row.lv_name === args.thin_pool);
  const full = pool && noRoom(pool, state.volumes, more(state, (wanted ?? extents) - extents, extentSize));
  if (full) return full;
  return settle(args, volume, grows ? wanted : extents, extents, extentSize);
}

/** What a thin volume that grows would promise. */
function more({ group, threshold }: VolumeState, extents: number, extentSize: number): Promised {
  return { bytes: extents * extentSize, threshold, free: group ? numberOf(group, 'vg_free_count') * extentSize : 0 };
}

function unfit(
  args: Args,
  volume: Row,
  wanted: number | undefined,
  extents: number,
  extentSize: number,
): Refuse | undefined {
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
  if (wanted === undefined || wanted === extents) return undefined;
  if (wanted < extents) {
    return refuse(
      `logical volume ${name} has ${formatExtents(extents, extentSize)}, more than ` +
        `${formatExtents(wanted, extentSize)}; it is never shrunk`,
      `Set size to ${formatSize(extents * extentSize)}.`,
    );
  }
  if (args.grow) return undefined;
  return refuse(
    `logical volume ${name} has ${formatExtents(extents, extentSize)}, less than ${formatExtents(wanted, extentSize)}`,
    `Set grow: true to extend it, or size to ${formatSize(extents * extentSize)}.`,
  );
}

function settle(args: Args, volume: Row, wanted: number, extents: number, extentSize: number): Decision<VolumeState> {
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
        before: describeVolume(args, extents, stored, extentSize, live),
        after: describeVolume(args, wanted, asked ?? stored, extentSize, setLive ? expected : live),
      },
    ],
    apply: script({
      ...(wanted === extents ? {} : { lvextend: sh`${quiet} lvextend -l ${wanted} ${name}` }),
      ...(wanted === extents || volume.lv_device_open !== 'open'
        ? {}
        : { guests: resizeInGuests(path, wanted * extentSize) }),
      ...(storedDiffers ? { lvchange: sh`${quiet} lvchange -r ${asked} ${name}` } : {}),
      ...(setLive ? { setra: sh`blockdev --setra ${expected} ${path}` } : {}),
    }),
    alters: [{ kind: 'logical-volume', name }],
    result,
  });
}
