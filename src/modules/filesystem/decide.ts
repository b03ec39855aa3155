import { type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { noDevice } from '../../host/device/arguments.ts';
import type { Device } from '../../host/lvm/device.ts';
import { describeDevice } from '../../host/lvm/device-claim.ts';
import { formatSize } from '../../host/size.ts';
import { grow } from './grow.ts';
import { make } from './make.ts';
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
  return size > device.size ? cutOff(args, device, size) : grow(args, device, { size, mountedOn: state.mountedOn });
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
