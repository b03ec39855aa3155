import { type Refuse, refuse } from '../../decision.ts';
import type { Device } from '../../host/lvm/device.ts';
import { describeDevice } from '../../host/lvm/device-claim.ts';
import type { GroupState } from './group-state.ts';
import type { Args } from './schema.ts';

/** Why the named devices are not those that are meant: one is not there, or has another serial. */
export function notConfirmed(args: Args, { devices }: GroupState): Refuse | undefined {
  const missing = args.devices.filter((_, at) => !devices[at]);
  if (missing.length > 0) {
    return refuse(
      `there is no device ${missing.join(', ')}`,
      'Is the disk attached? ls -l /dev/disk/by-id shows what is there.',
      { needs: missing.map(name => ({ kind: 'path', name })) },
    );
  }
  const wrong = devices.find(device => device && !confirmed(device, args));
  if (!wrong) return undefined;
  return refuse(
    `${describeDevice(wrong)} does not have the serial number that confirm_serial states`,
    `It has ${wrong.serials.join(' or ') || 'none that can be read'}: check the path before anything is written.`,
  );
}

function confirmed(device: Device, args: Args): boolean {
  const wanted = typeof args.confirm_serial === 'string' ? args.confirm_serial : args.confirm_serial?.[device.path];
  return wanted === undefined || device.serials.includes(wanted);
}
