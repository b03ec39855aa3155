import { type Refuse, refuse } from '../../decision.ts';
import { formatSize } from '../size.ts';
import { numberOf, type Row } from './report.ts';

/** The fields of a report by which {@link unusableGroup} decides. */
export const usabilityFields = 'vg_exported,vg_missing_pv_count';

/**
 * Why LVM would not change the group of this name, or not the one that is meant, among all groups
 * of the host.
 */
export function unusableGroup(groups: readonly Row[], name: string): Refuse | undefined {
  const [group, ...more] = groups.filter(row => row.vg_name === name);
  if (!group) return undefined;
  if (more.length > 0) {
    return refuse(
      `there are ${more.length + 1} volume groups with the name ${name}`,
      'vgs -o +vg_uuid shows them; vgrename UUID NAME gives one of them another name.',
    );
  }
  if (group.vg_exported) return refuse(`volume group ${name} is exported`, `vgimport ${name}, if it belongs here.`);
  if (numberOf(group, 'vg_missing_pv_count') > 0) {
    return refuse(
      `volume group ${name} misses physical volumes`,
      'Bring the disks back first; vgs -o +vg_missing_pv_count shows it.',
    );
  }
  return undefined;
}

/**
 * Why a group that is there does not have the extents that are asked for, which cannot be changed.
 */
export function otherExtents(group: Row, extentSize: number): Refuse | undefined {
  const has = numberOf(group, 'vg_extent_size');
  if (has === extentSize) return undefined;
  return refuse(
    `volume group ${group.vg_name} has extents of ${formatSize(has)}, not ${formatSize(extentSize)}`,
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
