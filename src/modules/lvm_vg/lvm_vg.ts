import type { ArgumentProblem } from '../../callable.ts';
import { ok } from '../../decision.ts';
import { claimDevice } from '../../host/lvm/device-claim.ts';
import { groupResult, otherExtents } from '../../host/lvm/group.ts';
import { defineModule } from '../module.ts';
import { groupState } from './group-state.ts';
import { notConfirmed } from './not-confirmed.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { foreignGroup, type Taken, takeDevices } from './take-devices.ts';

/**
 * Volume groups on devices that are proven empty. Nothing here answers LVM's questions: no `-y`, no
 * `-f`.
 */
export const lvmVolumeGroup = defineModule({
  name: 'lvm_vg',
  summary: 'A volume group on named, proven empty devices.',
  description: `Owns the existence of the volume group, its extent size (which must match; it is
never changed) and that the named devices belong to it. Devices that are in the group and not named
stay: nothing is ever taken out. A group of that name that has none of the named devices may be
somebody else's: it is extended only with \`adopt\`.

A device is taken only if it is proven empty: no signature, the first and last MiB all zero, not
mounted, no swap, no holder, no partitions, named by no guest and open in no process, not read-only,
not part of another group, array or multipath device. \`allow_wipe\` (together with \`--allow
data-loss\`) names a device and exactly the signature types on it, or \`unrecognised\` for data
without a signature; its first and last MiB are kept in /var/lib/hostwright/backup/wiped.`,
  args,
  returns,
  examples,
  problems,
  owns: args => [
    { subject: `volume group ${args.vg}`, attribute: 'extent size', value: String(args.extent_size) },
    ...args.devices.map(path => ({ subject: `device ${path}`, attribute: 'volume group', value: args.vg })),
  ],
  look: groupState,
  decide(args, state) {
    const { group, owners } = state;
    const unfit = state.unusable ?? (group && otherExtents(group, args.extent_size)) ?? notConfirmed(args, state);
    if (unfit) return unfit;
    const devices = state.devices.filter(device => device !== undefined);
    const fresh = devices.filter(device => !group || owners.get(device.number) !== args.vg);
    if (group && fresh.length === 0) return ok('has the devices already', { result: groupResult(group) });
    if (group && fresh.length === devices.length && !args.adopt) return foreignGroup(args, state);
    const taken: Taken[] = [];
    for (const device of fresh) {
      const claim = claimDevice(device, owners.get(device.number) ?? '', args.allow_wipe?.[device.path] ?? []);
      if (claim.kind === 'refuse') return claim;
      taken.push({ device, types: claim.wipe });
    }
    return takeDevices(args, state, taken);
  },
});

function problems(args: Args): readonly ArgumentProblem[] {
  const { extent_size: size } = args;
  const problems: ArgumentProblem[] = [];
  if (size < 2 ** 20 || !Number.isInteger(Math.log2(size))) {
    problems.push({ argument: 'extent_size', message: 'must be a power of two and at least 1M, such as 4M or 256M' });
  }
  const unstable = /^\/dev\/(?!disk\/by-|mapper\/|md\/)/;
  for (const path of args.allow_kernel_names ? [] : args.devices.filter(name => unstable.test(name))) {
    problems.push({
      argument: 'devices',
      message:
        `${path} may be another disk after the next boot; use its name under /dev/disk/by-id ` +
        '(ls -l /dev/disk/by-id), or say allow_kernel_names: true',
    });
  }
  for (const path of Object.keys(args.allow_wipe ?? {}).filter(name => !args.devices.includes(name))) {
    problems.push({ argument: 'allow_wipe', message: `${path} is not among the devices` });
  }
  if (typeof args.confirm_serial === 'string' && args.devices.length > 1) {
    problems.push({
      argument: 'confirm_serial',
      message: 'with several devices it must be a map of path to serial number',
    });
  }
  return problems;
}
