import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { claimWhole, noDevice, wipeHazards } from '../../host/device/arguments.ts';
import { type Device, deviceGuard, sameDevice } from '../../host/lvm/device.ts';
import { describeDevice } from '../../host/lvm/device-claim.ts';
import { wipe } from '../../host/lvm/wipe.ts';
import { formatSize } from '../../host/size.ts';
import { CannotTell } from '../../shell/answer.ts';
import { join, raw, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { splitWords } from '../../words.ts';
import { kindOf } from './kinds.ts';
import type { Args } from './schema.ts';
import type { FileSystemState } from './state.ts';

/**
 * Neither mkfs nor growing takes the last bytes of every device: less than a block group or an
 * allocation group is left.
 */
const rest = 16 * 2 ** 20;

/** What a file system comes to, from what is on the device. */
export function decideFileSystem(args: Args, state: FileSystemState): Decision<FileSystemState> {
  const { device } = state;
  if (!device) return noDevice(args.dev);
  if (device.signatures.join() !== args.fstype) return make(args, state, device);
  const { uuid } = args;
  if (uuid !== undefined && state.uuid?.toLowerCase() !== uuid.toLowerCase()) return otherUuid(args, state, device);
  const size = state.size ?? device.size;
  if (!args.resizefs || Math.abs(device.size - size) < rest) {
    return ok(`has ${args.fstype} already`, { result: resultOf(args, state, device) });
  }
  return size > device.size ? cutOff(args, device, size) : grow(args, state, device, size);
}

function make(args: Args, state: FileSystemState, device: Device): Decision<FileSystemState> {
  const claim = claimWhole(device, args.allow_wipe?.[args.dev] ?? []);
  if (claim.kind === 'refuse') return claim;
  const kind = kindOf(args.fstype);
  if (!state.able) {
    throw new CannotTell(`${kind.program} is not installed`, {
      advice: `Install it first; Debian's package is ${kind.package}.`,
      needs: [
        { kind: 'program', name: kind.program },
        { kind: 'package', name: kind.package },
      ],
    });
  }
  const options = splitWords(args.opts ?? '') ?? [];
  const words = join(
    [kind.make, args.uuid !== undefined && kind.uuid(args.uuid), options.length > 0 && sh`${options}`, sh`${args.dev}`],
    ' ',
  );
  return change(claim.wipe.length > 0 ? `has ${claim.wipe.join(', ')} on it` : 'is empty', {
    diff: [
      {
        subject: describeDevice(device),
        before: claim.wipe.map(type => `${type}\n`).join(''),
        after: `${[args.fstype, args.uuid, args.opts].filter(Boolean).join(' ')}\n`,
      },
    ],
    guard: script({ guard: deviceGuard(device) }),
    apply: script({
      ...(claim.wipe.length > 0 && { wipe: wipe(device, claim.wipe) }),
      make: words,
      // A later mount by UUID needs the link that udev makes.
      settle: raw('if command -v udevadm >/dev/null; then udevadm settle --timeout=10 || :; fi'),
    }),
    hazards: wipeHazards(device, claim.wipe),
    alters: [{ kind: 'path', name: args.dev }],
    result: { dev: args.dev, fstype: args.fstype },
  });
}

function grow(
  { dev, fstype }: Args,
  { mountedOn }: FileSystemState,
  device: Device,
  size: number,
): Decision<FileSystemState> {
  const [point] = mountedOn;
  if (fstype === 'xfs' && point === undefined) {
    return refuse(
      `the xfs on ${describeDevice(device)} is smaller than the device, and xfs grows only while it is mounted`,
      'Mount it first (module mount), then grow it.',
      { needs: [{ kind: 'mount', name: '*' }] },
    );
  }
  const unmounted = join(
    [
      // resize2fs wants a file system that was checked just now. 1 says that errors were fixed.
      sh`e2fsck -f -p ${dev} || [ $? -eq 1 ]`,
      sh`resize2fs ${dev}`,
    ],
    ' &&\n',
  );
  const mounted = fstype === 'xfs' ? sh`xfs_growfs ${point!}` : sh`resize2fs ${dev}`;
  const use = sh`if grep -q ${` ${device.number} `} /proc/self/mountinfo; then u=1; else u=0; fi`;
  return change('is smaller than its device', {
    diff: [
      {
        subject: `${fstype} on ${describeDevice(device)}`,
        before: `${formatSize(size)}\n`,
        after: `${formatSize(device.size)}\n`,
      },
    ],
    guard: script({
      guard: join([
        sameDevice(device, ['facts', 'signatures']),
        use,
        sh`[ $u = ${point === undefined ? '0' : '1'} ] || exit 75`,
      ]),
    }),
    apply: script({ grow: point === undefined ? unmounted : mounted }),
    alters: [{ kind: 'path', name: dev }],
    result: { dev, fstype },
  });
}

function otherUuid({ fstype, uuid }: Args, state: FileSystemState, device: Device): Refuse {
  return refuse(
    `the ${fstype} on ${describeDevice(device)} has the UUID ${state.uuid ?? 'none'}, not ${uuid}`,
    'Check the path. The UUID of a file system that is there is never changed.',
  );
}

function cutOff({ fstype }: Args, device: Device, size: number): Refuse {
  return refuse(
    `the ${fstype} on ${describeDevice(device)} has ${formatSize(size)}: more than the device`,
    'The device was made smaller than what is on it. Make it as large again before anything is written.',
  );
}

function resultOf({ dev, fstype }: Args, { uuid, label, size }: FileSystemState, device: Device) {
  return {
    dev,
    fstype,
    uuid: uuid ?? '',
    label: label ?? '',
    device_size: device.size,
    ...(size !== undefined && { size }),
  };
}
