import type { ReadAhead } from '../../host/lvm/read-ahead.ts';
import type { Row } from '../../host/lvm/report.ts';
import { growthThreshold } from '../../host/lvm/thin-room.ts';
import { volumesOf } from '../../host/lvm/volume.ts';
import { all, type Seen } from '../../shell/look.ts';
import type { Args } from './schema.ts';

/** What lvm_lv sees of the group; the threshold only where the volume is thin. */
export function lookAtGroup({ thin_pool, vg }: Args) {
  return all({ lvm: volumesOf(vg), threshold: thin_pool === undefined ? undefined : growthThreshold });
}

export type VolumeState = Seen<ReturnType<typeof lookAtGroup>>;

/** The group that the volume is in, or is made in. */
export interface Home {
  /** Bytes. */
  readonly extentSize: number;
  /** Extents. */
  readonly free: number;
  readonly volumes: readonly Row[];
  /** `activation/thin_pool_autoextend_threshold`; 100 is "never". */
  readonly threshold: number;
}

/**
 * Marks a volume from its creation until it is erased, so that a run that stopped in between is
 * seen.
 */
export const unerased = 'hostwright_unerased';

interface Description {
  readonly size: string | number;
  /** Not given: what the task asks for. */
  readonly readAhead?: ReadAhead;
  /** Sectors. */
  readonly live?: number | undefined;
}

/** A volume as text, for diffs. */
export function describeVolume(
  { readahead, thin_pool }: Args,
  { live, readAhead = readahead, size }: Description,
): string {
  const lines = [
    `size: ${size}`,
    thin_pool !== undefined && `thin pool: ${thin_pool}`,
    readAhead !== undefined && `read-ahead: ${readAhead}`,
    live !== undefined && `read-ahead in the kernel: ${live} sectors`,
  ];
  return `${lines.filter(line => line !== false).join('\n')}\n`;
}
