import type { TextGoal } from '../lines/text.ts';
import type { MountPoint } from './point.ts';

/** What a task says of a mount. */
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

/** What is seen of a mount. */
export interface MountState {
  /** fstab. */
  readonly file: TextGoal;
  /** Undefined for swap space. */
  readonly point: MountPoint | undefined;
  /** Undefined where it need not be known: of what is removed, or comes from a server. */
  readonly source?: MountSource | undefined;
}

/** What a source comes to on the host; both are empty for what is neither a device nor a path. */
export interface MountSource {
  /** Without links. */
  readonly real: string;
  /** `major:minor` of a device, in hexadecimal. */
  readonly device: string;
}
