import type { ArgumentProblem } from '../../callable.ts';
import { type Decision, ok, refuse } from '../../decision.ts';
import { type Device, deviceSections, readDevice, usageSections } from '../../host/lvm/device.ts';
import { claimDevice, describeDevice } from '../../host/lvm/device-claim.ts';
import { groupResult, otherExtents, unusableGroup, usabilityFields } from '../../host/lvm/group.ts';
import { readReport, reportCommand } from '../../host/lvm/report.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { foreignGroup, type GroupState, takeDevices } from './take-devices.ts';

const groupFields = `vg_name,vg_extent_size,vg_extent_count,vg_free_count,vg_size,${usabilityFields}`;

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
  probe: args =>
    script({
      vgs: reportCommand('vgs', [groupFields]),
      pvs: reportCommand('pvs', ['pv_name,vg_name,pv_major,pv_minor']),
      ...usageSections,
      ...Object.assign({}, ...args.devices.map(deviceSections)),
    }),
  read: (answer, args): GroupState => {
    const groups = readReport(answer, 'vgs', 'vgs');
    const volumes = readReport(answer, 'pvs', 'pvs').map(row => ({ row, number: `${row.pv_major}:${row.pv_minor}` }));
    const own = volumes.filter(({ row }) => row.vg_name === args.vg);
    return {
      group: groups.find(row => row.vg_name === args.vg),
      unusable: unusableGroup(groups, args.vg),
      members: own.map(({ row, number }) => ({ name: row.pv_name ?? '', number })),
      owners: new Map(volumes.map(({ row, number }) => [number, row.vg_name ?? ''])),
      devices: new Map(args.devices.map((path, index) => [path, readDevice(answer, path, index)])),
    };
  },
  decide,
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

function decide(args: Args, state: GroupState): Decision<GroupState> {
  const extentSize = args.extent_size;
  const unfit = state.unusable ?? (state.group && otherExtents(state.group, extentSize));
  if (unfit) return unfit;
  const missing = args.devices.filter(path => !state.devices.get(path));
  if (missing.length > 0) {
    return refuse(
      `there is no device ${missing.join(', ')}`,
      'Is the disk attached? ls -l /dev/disk/by-id shows what is there.',
      { needs: missing.map(name => ({ kind: 'path', name })) },
    );
  }
  const devices = args.devices.map(path => state.devices.get(path)!);
  const wrong = devices.find(device => !confirmed(device, args));
  if (wrong) {
    return refuse(
      `${describeDevice(wrong)} does not have the serial number that confirm_serial states`,
      `It has ${wrong.serials.join(' or ') || 'none that can be read'}: check the path before anything is written.`,
    );
  }
  const fresh = devices.filter(device => !state.group || state.owners.get(device.number) !== args.vg);
  if (fresh.length === 0) return ok('has the devices already', { result: groupResult(state.group!) });
  if (state.group && fresh.length === devices.length && !args.adopt) return foreignGroup(args, state);
  const claims = fresh.map(device =>
    claimDevice(device, state.owners.get(device.number) ?? '', args.allow_wipe?.[device.path] ?? []),
  );
  const refused = claims.find(claim => claim.kind === 'refuse');
  return refused ?? takeDevices(args, state, fresh, claims, extentSize);
}

function confirmed(device: Device, args: Args): boolean {
  const wanted = typeof args.confirm_serial === 'string' ? args.confirm_serial : args.confirm_serial?.[device.path];
  return wanted === undefined || device.serials.includes(wanted);
}
