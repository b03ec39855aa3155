import type { ArgumentProblem, Owned } from '../../callable.ts';
import { numberOf } from '../../host/lvm/report.ts';
import { groupMissing } from '../../host/lvm/volume.ts';
import { defineModule } from '../module.ts';
import { createVolume } from './create-volume.ts';
import { lookAtGroup } from './home.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { settleVolume } from './settle-volume.ts';

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
  look: lookAtGroup,
  decide(args, { lvm, threshold = 100 }) {
    const { group, unusable, volumes } = lvm;
    if (unusable) return unusable;
    if (!group) return groupMissing(args.vg);
    const [extentSize, free] = [numberOf(group, 'vg_extent_size'), numberOf(group, 'vg_free_count')];
    const home = { extentSize, free, volumes, threshold };
    const volume = volumes.find(row => row.lv_name === args.lv);
    return volume ? settleVolume(args, home, volume) : createVolume(args, home);
  },
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
