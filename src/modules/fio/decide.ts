import { sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { claimWhole, noDevice, wipeHazards } from '../device/arguments.ts';
import { directoryOf } from '../file/space.ts';
import { type Device, deviceGuard } from '../lvm/device.ts';
import { describeDevice } from '../lvm/device-claim.ts';
import type { Decision } from '../module.ts';
import { formatSize, parseSize } from '../size.ts';
import { type FioArguments, loadOf } from './arguments.ts';
import { disturbs } from './disturbs.ts';
import { describeLoad, writes } from './profiles.ts';
import { emptied, report, runs } from './run.ts';

/** What is measured. */
export type Target =
  | { readonly kind: 'device'; readonly device: Device | undefined }
  /** `free`: bytes where it will stand; undefined where there is no directory. */
  | { readonly kind: 'file'; readonly there: boolean; readonly free: number | undefined };

/** What the probe saw. */
export interface FioState {
  readonly target: Target;
  /** How many guests run on the host. */
  readonly guests: number;
}

/** A measurement of what may be measured. */
export function decideFio(args: FioArguments, { guests, target }: FioState): Decision<FioState> {
  const load = loadOf(args);
  const size = parseSize(args.size)!;
  const common = {
    kind: 'change' as const,
    reason: 'is measured',
    diff: [{ subject: `load on ${args.path}`, before: '', after: `${describeLoad(load)}, ${args.samples} times\n` }],
    verify: 'none' as const,
    report: (applied: Answer) => report(args.path, applied),
  };
  const hazards = disturbs(args.path, guests);
  if (target.kind === 'file') {
    const refusal = fileProblem(args, target, size);
    if (refusal) return refusal;
    return {
      ...common,
      hazards,
      guard: script({ guard: sh`[ ! -e ${args.path} ] || exit 75` }),
      // A file that appeared meanwhile is not taken, and not removed.
      apply: runs(args, load, sh`rm -f ${args.path}`, sh`( set -C && : > ${args.path} ) || exit 1`),
    };
  }
  const { device } = target;
  if (!device) return noDevice(args.path);
  if (size > device.size)
    return {
      kind: 'refuse',
      message: `${describeDevice(device)} has ${formatSize(device.size)}, less than ${formatSize(size)}`,
      advice: 'Give a smaller size.',
    };
  if (!writes(load)) return { ...common, hazards, apply: runs(args, load, sh`:`) };
  const claim = claimWhole(device, args.allow_wipe?.[args.path] ?? []);
  if (claim.kind === 'refuse') return claim;
  return {
    ...common,
    hazards: [...hazards, ...wipeHazards(device, claim.wipe)],
    guard: script({ guard: deviceGuard(device) }),
    apply: runs(args, load, emptied(device)),
    alters: [{ kind: 'path', name: args.path }],
  };
}

function fileProblem(
  { path }: FioArguments,
  target: Target & { kind: 'file' },
  size: number,
): Decision<FioState> | undefined {
  if (target.there)
    return {
      kind: 'refuse',
      message: `${path} is there already`,
      advice: 'What is in it would be overwritten. Name a file that is not there: it is made, and removed afterwards.',
    };
  if (target.free === undefined)
    return {
      kind: 'refuse',
      message: `there is no directory for ${path}`,
      advice: 'Make it first (module file, state: directory).',
      needs: [{ kind: 'path', name: directoryOf(path) }],
    };
  if (size < target.free * 0.95) return undefined;
  return {
    kind: 'refuse',
    message: `${formatSize(size)} do not fit: ${formatSize(target.free)} are free for ${path}`,
    advice: 'Give a smaller size: a full file system would stop what runs on it.',
  };
}
