import { type Refuse, refuse } from '../../decision.ts';
import { refuseDirectory } from '../../host/file/missing-directory.ts';
import { directoryOf } from '../../host/file/space.ts';
import type { Device } from '../../host/lvm/device.ts';
import { formatSize } from '../../host/size.ts';
import type { Args } from './schema.ts';
import type { FileTarget, Target } from './target.ts';

/** Why these cannot be measured together: a device is named twice, or the files have no room. */
export function cannotTake(args: Pick<Args, 'size'>, targets: readonly Target[]): Refuse | undefined {
  return twice(targets) ?? overfull(args, targets);
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
function overfull({ size }: Pick<Args, 'size'>, targets: readonly Target[]): Refuse | undefined {
  const files = targets.filter(target => target.kind === 'file');
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
  if (space === undefined) return refuseDirectory(directoryOf(path));
  if (bytes < space.free * 0.95) return undefined;
  return refuse(
    `${formatSize(bytes)} do not fit: ${formatSize(space.free)} are free for ${path}`,
    'Give a smaller size: a full file system would stop what runs on it.',
  );
}
