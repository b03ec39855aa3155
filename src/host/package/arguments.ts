import type { AptChoices } from './apt.ts';
import type { DnfChoices } from './dnf.ts';
import type { Manager } from './plan.ts';

/** What is asked of a package manager, whichever module asks. */
export interface PackageArguments {
  readonly name: readonly string[];
  readonly state: 'present' | 'absent' | 'latest';
  readonly update_cache: boolean;
  /** Seconds for which the package lists are fresh. */
  readonly cache_valid_time: number;
  readonly install_recommends?: boolean;
  readonly allow_removal: boolean;
  /** Seconds to wait for the lock. */
  readonly lock_timeout: number;
  /** The manager that the host must have; absent: whichever it has. */
  readonly manager?: Manager;
  readonly apt?: AptChoices;
  readonly dnf?: DnfChoices;
}

/** Whether the whole system is concerned, or a file, and not packages by name. */
export function isWhole({ name, apt, dnf }: PackageArguments): boolean {
  if (apt) return apt.upgrade !== undefined || apt.deb !== undefined || (apt.autoremove && name.length === 0);
  return dnf?.upgrade ?? false;
}
