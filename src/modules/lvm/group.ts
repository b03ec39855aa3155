import type { Refuse } from '../module.ts';
import { formatSize } from '../size.ts';
import { numberOf, type Row } from './report.ts';

/** Why a group that is there cannot be used as asked. */
export function unfitGroup(group: Row, extentSize: number, name: string): Refuse | undefined {
  const refuse = (message: string, advice: string): Refuse => ({ kind: 'refuse', message, advice });
  if (group.vg_exported) return refuse(`volume group ${name} is exported`, `vgimport ${name}, if it belongs here.`);
  if (numberOf(group, 'vg_missing_pv_count') > 0) {
    return refuse(
      `volume group ${name} misses physical volumes`,
      'Bring the disks back first; vgs -o +vg_missing_pv_count shows it.',
    );
  }
  const has = numberOf(group, 'vg_extent_size');
  if (has === extentSize) return undefined;
  return refuse(
    `volume group ${name} has extents of ${formatSize(has)}, not ${formatSize(extentSize)}`,
    `The extent size is settled at creation: set extent_size to ${formatSize(has)}.`,
  );
}

/** The result fields of a group: sizes in bytes. */
export function groupResult(group: Row): Readonly<Record<string, unknown>> {
  return {
    vg: group.vg_name,
    extent_size: numberOf(group, 'vg_extent_size'),
    size: numberOf(group, 'vg_size'),
    free: numberOf(group, 'vg_free_count') * numberOf(group, 'vg_extent_size'),
  };
}
