import type { Refuse } from '../module.ts';
import { formatSize } from '../size.ts';
import { numberOf, type Row } from './report.ts';

/** Percent of a pool's data or metadata above which no volume is added. */
const full = 80;

/**
 * Why a thin volume cannot be made in a pool: it is nearly full, or it would promise more than it has while nothing makes it grow. A pool
 * that runs full stops every guest on it.
 * @param bytes virtual size of the volume to be made.
 * @param threshold `activation/thin_pool_autoextend_threshold`; 100 is "never".
 */
export function noRoom(pool: Row, volumes: readonly Row[], bytes: number, threshold: number): Refuse | undefined {
  const name = `${pool.vg_name}/${pool.lv_name}`;
  for (const part of ['data_percent', 'metadata_percent'] as const) {
    const used = Number(pool[part] || 0);
    if (used > full) {
      return {
        kind: 'refuse',
        message: `thin pool ${name} has ${used} % of its ${part === 'data_percent' ? 'data' : 'metadata'} in use`,
        advice: `Extend it first: lvextend -L +SIZE ${name}.`,
      };
    }
  }
  const inside = volumes.filter(row => row.pool_lv === pool.lv_name);
  const promised = inside.reduce((sum, row) => sum + numberOf(row, 'lv_size'), bytes);
  const size = numberOf(pool, 'lv_size');
  if (promised <= size || threshold < 100) return undefined;
  return {
    kind: 'refuse',
    message: `thin pool ${name} has ${formatSize(size)} and would promise ${formatSize(promised)}, and nothing makes it grow`,
    advice:
      'Set activation/thin_pool_autoextend_threshold to 80 or less with lvm_conf (lvm2-monitor must run), or make the pool larger.',
  };
}
