import { certain } from '../../errors.ts';
import { type Load, profiles } from '../../host/fio/profiles.ts';
import type { Args } from './schema.ts';

/** What is worked on at the same time. */
export function pathsOf({ path, paths }: Pick<Args, 'path' | 'paths'>): readonly string[] {
  return paths ?? (path === undefined ? [] : [path]);
}

/** Whether the path is a device; memory that is mounted below /dev is not. */
export function isDevice(path: string): boolean {
  return path.startsWith('/dev/') && !path.startsWith('/dev/shm/');
}

/** The load by its name, or as it is written out. */
export function loadOf({ profile, load }: Args): Load {
  if (profile !== undefined) return profiles[profile];
  return certain(load, 'the load');
}
