import { change, type Decision, type HazardNotice, type Refuse, refuse } from '../../decision.ts';
import { type Device, deviceGuard } from '../../host/lvm/device.ts';
import { describeDevice } from '../../host/lvm/device-claim.ts';
import { quiet } from '../../host/lvm/report.ts';
import { wipe } from '../../host/lvm/wipe.ts';
import { formatSize } from '../../host/size.ts';
import { join, raw, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import type { GroupState } from './group-state.ts';
import type { Args } from './schema.ts';

/** The refusal of a group that was made on other disks, maybe by somebody else. */
export function foreignGroup(args: Args, { members }: GroupState): Refuse {
  const names = members.map(({ name }) => name).join(', ');
  return refuse(
    `there is a volume group ${args.vg} already, on ${names}: none of the named devices is in it`,
    `Choose another name, or say adopt: true if ${args.vg} is yours and is to be extended.`,
  );
}

/** A device that is taken, and the types of the signatures that are wiped for that. */
export interface Taken {
  readonly device: Device;
  readonly types: readonly string[];
}

/** The decision for devices that are not in the group yet, which is made where it is not there. */
export function takeDevices(args: Args, state: GroupState, taken: readonly Taken[]): Decision<GroupState> {
  const extentSize = args.extent_size;
  const fresh = taken.map(({ device }) => device);
  const wipes = taken.filter(({ types }) => types.length > 0);
  const steps = Object.fromEntries(wipes.map(({ device, types }, at) => [`wipe${at}`, wipe(device, types)]));
  const paths = fresh.map(device => device.path);
  const command = state.group
    ? { vgextend: sh`${quiet} vgextend ${args.vg} ${paths}` }
    : { vgcreate: sh`${quiet} vgcreate -s ${`${extentSize / 1024}k`} ${args.vg} ${paths}` };
  const hazards: HazardNotice[] = wipes.map(({ device, types }) => ({
    hazard: 'data-loss',
    subject: device.path,
    because: `${describeDevice(device)} has ${types.join(', ')}, which will be wiped`,
  }));
  return change(state.group ? `${paths.join(', ')} not in the group yet` : 'is not there', {
    diff: [
      {
        subject: `volume group ${args.vg}`,
        before: state.group ? describeGroup(extentSize, state, []) : '',
        after: describeGroup(extentSize, state, fresh),
      },
    ],
    guard: guardOf(args, state, fresh),
    apply: script({ ...steps, ...command }),
    hazards,
    alters: paths.map(name => ({ kind: 'path', name })),
    creates: state.group ? [] : [{ kind: 'volume-group', name: args.vg }],
    result: { vg: args.vg, extent_size: extentSize },
  });
}

function guardOf(args: Args, state: GroupState, fresh: readonly Device[]): Script {
  const listed = sh`${quiet} vgs --noheadings -o vg_name --select ${`vg_name="${args.vg}"`}`;
  const still = state.group ? raw('-n') : raw('-z');
  const group = sh`names=$(${listed}) && [ ${still} "$names" ] || exit 75`;
  return script({ guard: join([group, ...fresh.map(deviceGuard)]) });
}

/** The group with all its devices, and those that come to it. */
function describeGroup(extentSize: number, { members, devices }: GroupState, more: readonly Device[]): string {
  const found = members.map(({ name, number }) => {
    const device = devices.find(one => one?.number === number);
    return device ? describeDevice(device) : name;
  });
  const lines = [...found, ...more.map(describeDevice)].map(line => `  ${line}`);
  return [`extent size: ${formatSize(extentSize)}`, 'devices:', ...lines, ''].join('\n');
}
