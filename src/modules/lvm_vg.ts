import { join, raw, sh } from '../shell/quote.ts';
import { type Script, script } from '../shell/script.ts';
import { type Device, deviceGuard, deviceSections, readDevice, usageSections } from './lvm/device.ts';
import { type Claim, claimDevice, describeDevice } from './lvm/device-claim.ts';
import { groupResult, unfitGroup } from './lvm/group.ts';
import { groupName } from './lvm/names.ts';
import { quiet, type Row, readReport, reportCommand } from './lvm/report.ts';
import { wipe } from './lvm/wipe.ts';
import { type ArgumentProblem, type Decision, defineModule, type HazardNotice } from './module.ts';
import { formatSize, parseSize, sizeSchema } from './size.ts';

interface State {
  readonly group: Row | undefined;
  /** By path; undefined where the path leads nowhere. */
  readonly devices: ReadonlyMap<string, Device | undefined>;
  /** The volume group of each physical volume by `major:minor`; `''` for none. */
  readonly owners: ReadonlyMap<string, string>;
}

interface Args {
  readonly vg: string;
  readonly devices: readonly string[];
  readonly extent_size: string | number;
  readonly allow_wipe?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly allow_kernel_names: boolean;
  readonly confirm_serial?: string | Readonly<Record<string, string>> | undefined;
}

const groupFields = 'vg_name,vg_extent_size,vg_extent_count,vg_free_count,vg_size,vg_exported,vg_missing_pv_count';

/** Volume groups on devices that are proven empty. Nothing here answers LVM's questions: no `-y`, no `-f`. */
export const lvmVolumeGroup = defineModule({
  name: 'lvm_vg',
  summary: 'A volume group on named, proven empty devices.',
  description: `Owns the existence of the volume group, its extent size (which must match; it is never changed) and that the named devices belong
to it. Devices that are in the group and not named stay: nothing is ever taken out.

A device is taken only if it is proven empty: no signature, the first and last MiB all zero, not mounted, no swap, no holder, no partitions, not
read-only, not part of another group, array or multipath device. \`allow_wipe\` (together with \`--allow data-loss\`) names a device and exactly the
signature types on it, or \`unrecognised\` for data without a signature; its first and last MiB are kept in /var/lib/hostwright/backup/wiped.`,
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['vg', 'devices'],
    properties: {
      vg: { ...groupName, description: 'Name of the volume group.' },
      devices: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: { type: 'string', pattern: '^/dev/[A-Za-z0-9_@%+=:,./-]+$' },
        description: 'Devices by stable paths: /dev/disk/by-id/…, /dev/disk/by-path/…, /dev/mapper/…, /dev/md/….',
      },
      extent_size: {
        ...sizeSchema,
        default: '256M',
        description:
          'Physical extent size, a power of two from 1M. Sizes of volumes are rounded up to it; it has no effect on speed.',
      },
      allow_wipe: {
        type: 'object',
        additionalProperties: { type: 'array', minItems: 1, items: { type: 'string' } },
        description:
          'Devices whose content may be destroyed: path to the signature types that are on it now, exactly. Needs --allow data-loss.',
      },
      allow_kernel_names: {
        type: 'boolean',
        default: false,
        description: 'Accept names such as /dev/sdb, which may mean another disk after the next boot.',
      },
      confirm_serial: {
        anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: { type: 'string' } }],
        description: 'The serial number that the device must have, or a map of path to serial number.',
      },
    },
  },
  returns: {
    type: 'object',
    properties: {
      vg: { type: 'string', description: 'Name of the volume group.' },
      extent_size: { type: 'integer', description: 'Bytes.' },
      size: { type: 'integer', description: 'Bytes; not known before the group exists.' },
      free: { type: 'integer', description: 'Bytes; not known before the group exists.' },
    },
  },
  examples: [
    `- name: Guests' disks live in vmpool
  lvm_vg:
    vg: vmpool
    devices: [/dev/disk/by-id/virtio-HWDATA1]
    extent_size: 256M
`,
  ],
  check,
  owns: args => [
    { subject: `volume group ${args.vg}`, attribute: 'extent size', value: String(parseSize(args.extent_size)) },
    ...args.devices.map(path => ({ subject: `device ${path}`, attribute: 'volume group', value: args.vg })),
  ],
  probe: args =>
    script({
      vgs: reportCommand('vgs', [groupFields]),
      pvs: reportCommand('pvs', ['pv_name,vg_name,pv_major,pv_minor']),
      ...usageSections,
      ...Object.assign({}, ...args.devices.map(deviceSections)),
    }),
  read: (answer, args): State => ({
    group: readReport(answer, 'vgs', 'vgs').find(row => row.vg_name === args.vg),
    owners: new Map(
      readReport(answer, 'pvs', 'pvs').map(row => [`${row.pv_major}:${row.pv_minor}`, row.vg_name ?? '']),
    ),
    devices: new Map(args.devices.map((path, index) => [path, readDevice(answer, path, index)])),
  }),
  decide,
});

function check(args: Args): readonly ArgumentProblem[] {
  const size = parseSize(args.extent_size) ?? 0;
  const problems: ArgumentProblem[] = [];
  if (size < 2 ** 20 || !Number.isInteger(Math.log2(size))) {
    problems.push({ argument: 'extent_size', message: 'must be a power of two and at least 1M, such as 4M or 256M' });
  }
  const unstable = /^\/dev\/(?!disk\/by-|mapper\/|md\/)/;
  for (const path of args.allow_kernel_names ? [] : args.devices.filter(name => unstable.test(name))) {
    problems.push({
      argument: 'devices',
      message: `${path} may be another disk after the next boot; use its name under /dev/disk/by-id (ls -l /dev/disk/by-id), or say allow_kernel_names: true`,
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

function decide(args: Args, state: State): Decision<State> {
  const extentSize = parseSize(args.extent_size)!;
  const unfit = state.group && unfitGroup(state.group, extentSize, args.vg);
  if (unfit) return unfit;
  const missing = args.devices.filter(path => !state.devices.get(path));
  if (missing.length > 0) {
    return {
      kind: 'refuse',
      message: `there is no device ${missing.join(', ')}`,
      advice: 'Is the disk attached? ls -l /dev/disk/by-id shows what is there.',
      needs: missing.map(name => ({ kind: 'path', name })),
    };
  }
  const devices = args.devices.map(path => state.devices.get(path)!);
  const wrong = devices.find(device => !confirmed(device, args));
  if (wrong) {
    return {
      kind: 'refuse',
      message: `${describeDevice(wrong)} does not have the serial number that confirm_serial states`,
      advice: `It has ${wrong.serials.join(' or ') || 'none that can be read'}: check the path before anything is written.`,
    };
  }
  const fresh = devices.filter(device => !state.group || state.owners.get(device.number) !== args.vg);
  if (fresh.length === 0) return { kind: 'ok', reason: 'has the devices already', result: groupResult(state.group!) };
  const claims = fresh.map(device =>
    claimDevice(device, state.owners.get(device.number) ?? '', args.allow_wipe?.[device.path] ?? []),
  );
  const refused = claims.find(claim => claim.kind === 'refuse');
  return refused ?? create(args, state, fresh, claims, extentSize);
}

function create(
  args: Args,
  state: State,
  fresh: readonly Device[],
  claims: readonly Claim[],
  extentSize: number,
): Decision<State> {
  const wipes = claims.flatMap((claim, at) =>
    claim.kind === 'free' && claim.wipe.length > 0 ? [{ device: fresh[at]!, types: claim.wipe }] : [],
  );
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
  return {
    kind: 'change',
    reason: state.group ? `${paths.join(', ')} not in the group yet` : 'is not there',
    diff: [
      {
        subject: `volume group ${args.vg}`,
        before: state.group ? describeGroup(args, extentSize, state, fresh) : '',
        after: describeGroup(args, extentSize, state, []),
      },
    ],
    guard: guardOf(args, state, fresh),
    apply: script({ ...steps, ...command }),
    hazards,
    alters: paths.map(name => ({ kind: 'path', name })),
    creates: state.group ? [] : [{ kind: 'volume-group', name: args.vg }],
    result: { vg: args.vg, extent_size: extentSize },
  };
}

function guardOf(args: Args, state: State, fresh: readonly Device[]): Script {
  const listed = sh`${quiet} vgs --noheadings -o vg_name --select ${`vg_name="${args.vg}"`}`;
  const still = state.group ? raw('-n') : raw('-z');
  const group = sh`names=$(${listed}) && [ ${still} "$names" ] || exit 75`;
  return script({ guard: join([group, ...fresh.map(deviceGuard)]) });
}

function describeGroup(args: Args, extentSize: number, state: State, without: readonly Device[]): string {
  const shown = args.devices.map(path => state.devices.get(path)!).filter(device => !without.includes(device));
  return [
    `extent size: ${formatSize(extentSize)}`,
    'devices:',
    ...shown.map(device => `  ${describeDevice(device)}`),
    '',
  ].join('\n');
}

function confirmed(device: Device, args: Args): boolean {
  const wanted = typeof args.confirm_serial === 'string' ? args.confirm_serial : args.confirm_serial?.[device.path];
  return wanted === undefined || device.serials.includes(wanted);
}
