import { type Space, spaceFor } from '../../host/file/space.ts';
import { type Device, deviceAt, inUse, type UnusedDevice, usage } from '../../host/lvm/device.ts';
import { all, each, type Look, later, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { isDevice } from './arguments.ts';

/** What one job of a measurement works on. */
export type Target = DeviceTarget | FileTarget;

/** A block device; undefined where the path leads nowhere. */
export interface DeviceTarget {
  readonly kind: 'device';
  readonly path: string;
  readonly device: Device | undefined;
}

type UnusedTarget = Omit<DeviceTarget, 'device'> & { readonly device: UnusedDevice | undefined };

/** A file that is made, and removed. */
export interface FileTarget {
  readonly kind: 'file';
  readonly path: string;
  readonly there: boolean;
  /** The file system where it will be; undefined where its directory does not exist. */
  readonly space: Space | undefined;
}

/** All that a measurement works on, in the order of the paths. @throws CannotTell */
export function targets(paths: readonly string[]): Look<readonly Target[]> {
  if (!paths.some(isDevice)) return each(paths, fileTarget);
  const looks = all({ usage: later(usage), targets: each(paths, target) });
  return map(looks, seen =>
    seen.targets.map(one =>
      one.kind === 'file' ? one : { ...one, device: one.device && inUse(one.device, seen.usage()) },
    ),
  );
}

function target(path: string): Look<FileTarget | UnusedTarget> {
  if (!isDevice(path)) return fileTarget(path);
  return map(deviceAt(path), device => ({ kind: 'device', path, device }));
}

function fileTarget(path: string): Look<FileTarget> {
  const looks = all({
    there: printed('sh', sh`if [ -e ${path} ] || [ -L ${path} ]; then echo there; fi`),
    space: spaceFor(path),
  });
  return map(looks, ({ space, there }) => ({ kind: 'file', path, there: there !== '', space }));
}
