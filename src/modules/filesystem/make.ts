import { change, type Decision } from '../../decision.ts';
import { claimWhole, wipeHazards } from '../../host/device/arguments.ts';
import { type Device, deviceGuard } from '../../host/lvm/device.ts';
import { describeDevice } from '../../host/lvm/device-claim.ts';
import { wipe } from '../../host/lvm/wipe.ts';
import { CannotTell } from '../../shell/answer.ts';
import { join, raw, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { splitWords } from '../../words.ts';
import { kindOf } from './kinds.ts';
import type { Args } from './schema.ts';
import type { FileSystemState } from './state.ts';

/** Makes the file system, where the device may be taken. */
export function make(args: Args, state: FileSystemState, device: Device): Decision<FileSystemState> {
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
