import { change, type Decision, type Refuse, refuse } from '../../decision.ts';
import { claimWhole, noDevice, wipeHazards } from '../../host/device/arguments.ts';
import { guests, installed } from '../../host/fio/command.ts';
import { disturbs } from '../../host/fio/disturbs.ts';
import { describeLoad, type Load, writes } from '../../host/fio/profiles.ts';
import { deviceGuard } from '../../host/lvm/device.ts';
import { describeDevice } from '../../host/lvm/device-claim.ts';
import { formatSize } from '../../host/size.ts';
import { all, type Seen } from '../../shell/look.ts';
import { join, sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { loadOf, pathsOf } from './arguments.ts';
import { cannotTake } from './cannot-take.ts';
import { emptied, report, runs, type Taken } from './run.ts';
import type { Args } from './schema.ts';
import { type DeviceTarget, type FileTarget, targets } from './target.ts';

/** What is to be worked on, and how many guests run on the host. */
export function lookAtTargets(args: Args) {
  return all({ fio: installed, guests, targets: targets(pathsOf(args)) });
}

type FioState = Seen<ReturnType<typeof lookAtTargets>>;

/** A measurement of what may be measured. */
export function decideFio(args: Args, { guests, targets }: FioState): Decision<FioState> {
  const load = loadOf(args);
  const paths = pathsOf(args);
  const refusal = cannotTake(args, targets);
  if (refusal) return refusal;
  const taken: Taken[] = [];
  for (const target of targets) {
    const one = target.kind === 'file' ? takeFile(target) : takeDevice(target, args, load);
    if ('kind' in one) return one;
    taken.push(one);
  }
  const guards = taken.flatMap(({ guard }) => guard ?? []);
  const altered = taken.filter(({ alters }) => alters).map(({ path }) => ({ kind: 'path' as const, name: path }));
  return change('is measured', {
    diff: [
      {
        subject: `load on ${paths.join(', ')}`,
        before: '',
        after: `${describeLoad(load)}, ${args.samples === 1 ? 'once' : `${args.samples} times`}\n`,
      },
    ],
    hazards: [...disturbs(paths.join(', '), guests), ...taken.flatMap(({ hazards }) => hazards)],
    ...(guards.length > 0 && { guard: script({ guard: join(guards) }) }),
    apply: runs(args, load, taken),
    ...(altered.length > 0 && { alters: altered }),
    verify: 'none',
    report: (applied: Answer) => report(paths, applied),
  });
}

function takeFile({ path }: FileTarget): Taken {
  return {
    path,
    guard: sh`[ ! -e ${path} ] || exit 75`,
    // A file that appeared meanwhile is not taken, and not removed.
    make: sh`( set -C && : > ${path} ) || exit 1`,
    giveBack: sh`rm -f ${path}`,
    hazards: [],
    alters: false,
  };
}

function takeDevice({ device, path }: DeviceTarget, args: Args, load: Load): Taken | Refuse {
  if (!device) return noDevice(path);
  const { size } = args;
  if (size > device.size)
    return refuse(
      `${describeDevice(device)} has ${formatSize(device.size)}, less than ${formatSize(size)}`,
      'Give a smaller size.',
    );
  if (!writes(load)) return { path, giveBack: sh`:`, hazards: [], alters: false };
  const claim = claimWhole(device, args.allow_wipe?.[path] ?? []);
  if (claim.kind === 'refuse') return claim;
  const hazards = wipeHazards(device, claim.wipe);
  return { path, guard: deviceGuard(device), giveBack: emptied(device), hazards, alters: true };
}
