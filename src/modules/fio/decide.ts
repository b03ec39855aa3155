import { change, type Decision, type Refuse, refuse } from '../../decision.ts';
import { claimWhole, noDevice, wipeHazards } from '../../host/device/arguments.ts';
import { directoryOf } from '../../host/file/space.ts';
import { guests, installed } from '../../host/fio/command.ts';
import { disturbs } from '../../host/fio/disturbs.ts';
import { describeLoad, type Load, writes } from '../../host/fio/profiles.ts';
import { type Device, deviceGuard } from '../../host/lvm/device.ts';
import { describeDevice } from '../../host/lvm/device-claim.ts';
import { formatSize } from '../../host/size.ts';
import { all, type Seen } from '../../shell/look.ts';
import { join, sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { loadOf, pathsOf } from './arguments.ts';
import { emptied, report, runs, type Taken } from './run.ts';
import type { Args } from './schema.ts';
import { type DeviceTarget, type FileTarget, type Target, targets } from './target.ts';

/** What is to be worked on, and how many guests run on the host. */
export function lookAtTargets(args: Args) {
  return all({ fio: installed, guests, targets: targets(pathsOf(args)) });
}

type FioState = Seen<ReturnType<typeof lookAtTargets>>;

/** A measurement of what may be measured. */
export function decideFio(args: Args, { guests, targets }: FioState): Decision<FioState> {
  const load = loadOf(args);
  const paths = pathsOf(args);
  const refusal = twice(targets) ?? overfull(args, targets);
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

/** Two jobs on one device would measure another load than the one that was asked for. */
function twice(targets: readonly Target[]): Refuse | undefined {
  const devices = targets.flatMap(target => (target.kind === 'device' && target.device) || []);
  const firsts = new Map<string, Device>();
  for (const device of devices) {
    const first = firsts.get(device.number);
    if (first) {
      return refuse(
        `${first.path} and ${device.path} are the same device`,
        'Name each device once; for more jobs on it raise numjobs.',
      );
    }
    firsts.set(device.number, device);
  }
  return undefined;
}

/** Why the files cannot be made: those of one file system share its room. */
function overfull(args: Args, targets: readonly Target[]): Refuse | undefined {
  const files = targets.filter(target => target.kind === 'file');
  const { size } = args;
  const sharing = (file: FileTarget) => files.filter(other => roomOf(other) === roomOf(file)).length;
  return files.map(file => fileProblem(file, size * sharing(file))).find(problem => problem !== undefined);
}

/**
 * The device whose room a file takes. What is not on a device may share its room under several
 * names, as datasets of ZFS and exports of a server do: all of it counts as one.
 */
function roomOf({ space }: FileTarget): string | undefined {
  return space?.source.startsWith('/dev/') ? space.source : undefined;
}

function fileProblem({ space, path, there }: FileTarget, bytes: number): Refuse | undefined {
  if (there)
    return refuse(
      `${path} is there already`,
      'What is in it would be overwritten. Name a file that is not there: it is made, and removed afterwards.',
    );
  if (space === undefined)
    return refuse(`there is no directory for ${path}`, 'Make it first (module file, state: directory).', {
      needs: [{ kind: 'path', name: directoryOf(path) }],
    });
  if (bytes < space.free * 0.95) return undefined;
  return refuse(
    `${formatSize(bytes)} do not fit: ${formatSize(space.free)} are free for ${path}`,
    'Give a smaller size: a full file system would stop what runs on it.',
  );
}
