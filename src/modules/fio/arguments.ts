import { type Load, type ProfileName, profiles } from '../../host/fio/profiles.ts';
import { parseSize } from '../../host/size.ts';

/** What is asked of a measurement. */
export interface FioArguments {
  readonly path?: string | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly profile?: ProfileName | undefined;
  readonly load?: (Partial<Omit<Load, 'bs'>> & { readonly rw: Load['rw']; readonly bs: string | number }) | undefined;
  readonly size: string | number;
  readonly samples: number;
  readonly runtime: number;
  readonly ramp: number;
  readonly direct: boolean;
  readonly allow_wipe?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly allow_kernel_names: boolean;
}

/** What is worked on at the same time. */
export function pathsOf({ path, paths }: Pick<FioArguments, 'path' | 'paths'>): readonly string[] {
  return paths ?? (path === undefined ? [] : [path]);
}

/** Whether the path is a device; memory that is mounted below /dev is not. */
export function isDevice(path: string): boolean {
  return path.startsWith('/dev/') && !path.startsWith('/dev/shm/');
}

/** The load by its name, or as it is written out. */
export function loadOf({ profile, load }: FioArguments): Load {
  if (profile !== undefined) return profiles[profile];
  return { iodepth: 1, numjobs: 1, ...load!, bs: parseSize(load!.bs)! };
}
