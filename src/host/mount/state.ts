import type { Origin } from '../file/mounts.ts';
import type { TextGoal } from '../lines/text.ts';
import type { MountPoint } from './point.ts';

export interface MountArguments {
  readonly path: string;
  readonly src?: string;
  readonly fstype?: string;
  readonly opts: string;
  readonly state: 'mounted' | 'present' | 'absent' | 'unmounted' | 'remounted';
  readonly dump: string | number;
  readonly passno: string | number;
  readonly boot: boolean;
  readonly backup: boolean;
}

export interface MountState extends TextGoal {
  /** Absent for swap space. */
  readonly point?: MountPoint;
  readonly source: MountSource;
}

/** What src comes to on the host; all of it is empty for what is neither a device nor a path. */
export interface MountSource {
  /** Without links. */
  readonly real: string;
  /** `major:minor` of a device, in hexadecimal. */
  readonly device: string;
  /** Of a directory or a file: the file system and the place there. */
  readonly origin?: Origin | undefined;
}
