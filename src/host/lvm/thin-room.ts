import { type Refuse, refuse } from '../../decision.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { formatSize } from '../size.ts';
import { numberOf, quiet, type Row } from './report.ts';

/** Percent of a pool's data or metadata above which no volume is added. */
const full = 80;

/** What is to be promised, and what the pool can grow by. */
export interface Promised {
  /** Virtual bytes that a volume gets, or gets more. */
  readonly bytes: number;
  /** `activation/thin_pool_autoextend_threshold`; 100 is "never". */
  readonly threshold: number;
  /** Bytes that the volume group has left. */
  readonly free: number;
}

/** `activation/thin_pool_autoextend_threshold`; 100 where LVM does not say it. */
export const growthThreshold: Look<number> = map(
  printed('lvmconfig', sh`${quiet} lvmconfig --typeconfig full activation/thin_pool_autoextend_threshold`),
  text => Number(/=(\d+)/.exec(text)?.[1] ?? 100),
);

/**
 * Why a thin volume cannot be made or grow in a pool: it is nearly full, or it would promise more
 * than it has and can grow to. A pool that runs full
 * stops every guest on it.
 */
export function noRoom(pool: Row, volumes: readonly Row[], { bytes, free, threshold }: Promised): Refuse | undefined {
  const name = `${pool.vg_name}/${pool.lv_name}`;
  for (const part of ['data_percent', 'metadata_percent'] as const) {
    const used = Number(pool[part] || 0);
    if (used > full) {
      return refuse(
        `thin pool ${name} has ${used} % of its ${part === 'data_percent' ? 'data' : 'metadata'} in use`,
        `Extend it first: lvextend -L +SIZE ${name}.`,
      );
    }
  }
  const inside = volumes.filter(row => row.pool_lv === pool.lv_name);
  const promised = inside.reduce((sum, row) => sum + numberOf(row, 'lv_size'), bytes);
  const size = numberOf(pool, 'lv_size');
  const grows = threshold < 100;
  if (promised <= size || (grows && promised <= size + free)) return undefined;
  if (grows) {
    return refuse(
      `thin pool ${name} has ${formatSize(size)} and can grow by ${formatSize(free)}, and would ` +
        `promise ${formatSize(promised)}`,
      `Give the volume group ${pool.vg_name} another device (lvm_vg), or make smaller volumes: a ` +
        `pool that cannot grow stops every guest on it.`,
    );
  }
  return refuse(
    `thin pool ${name} has ${formatSize(size)} and would promise ${formatSize(promised)}, and nothing makes it grow`,
    'Set activation/thin_pool_autoextend_threshold to 80 or less with lvm_conf ' +
      '(lvm2-monitor must run), or make the pool larger.',
  );
}
