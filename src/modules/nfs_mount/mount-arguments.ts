import { type Refuse, refuse } from '../../decision.ts';
import type { TextGoal } from '../../host/lines/text.ts';
import type { MountPoint } from '../../host/mount/point.ts';
import type { MountArguments } from '../../host/mount/state.ts';
import type { Args } from './schema.ts';

/** The mount point, and fstab. */
export interface NfsState {
  readonly point: MountPoint;
  readonly file: TextGoal;
}

/** What the arguments say of any mount. */
export function mountArguments({ path, source, options, state }: Args): MountArguments {
  return {
    path,
    ...(source !== undefined && { src: source }),
    fstype: 'nfs',
    opts: options,
    state,
    dump: '0',
    passno: '0',
    boot: true,
    backup: false,
  };
}

/** Something else is mounted there. */
export function occupied({ path, source }: Args, live: string): Refuse {
  return refuse(
    `${path} has ${live} mounted${source === undefined ? '' : `, not nfs from ${source}`}`,
    'Unmount it first when nothing uses it, or name another mount point.',
  );
}
