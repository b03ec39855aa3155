import { devices } from '../../host/lvm/device.ts';
import { unusableGroup, usabilityFields } from '../../host/lvm/group.ts';
import { report } from '../../host/lvm/report.ts';
import { all, map, type Seen } from '../../shell/look.ts';
import type { Args } from './schema.ts';

const groupFields = `vg_name,vg_extent_size,vg_extent_count,vg_free_count,vg_size,${usabilityFields}`;

export type GroupState = Seen<ReturnType<typeof groupState>>;

/** The volume group, all physical volumes of the host and the named devices. */
export function groupState({ devices: paths, vg }: Args) {
  const looks = all({
    vgs: report('vgs', [groupFields]),
    pvs: report('pvs', ['pv_name,vg_name,pv_major,pv_minor']),
    devices: devices(paths),
  });
  return map(looks, ({ devices, pvs, vgs }) => {
    const volumes = pvs.map(row => ({
      name: row.pv_name ?? '',
      group: row.vg_name ?? '',
      number: `${row.pv_major}:${row.pv_minor}`,
    }));
    return {
      group: vgs.find(row => row.vg_name === vg),
      /** Why the group cannot be changed. */
      unusable: unusableGroup(vgs, vg),
      /** The physical volumes of the group, as LVM names them. */
      members: volumes.filter(({ group }) => group === vg),
      /** The volume group of each physical volume by `major:minor`; `''` for none. */
      owners: new Map(volumes.map(({ group, number }) => [number, group])),
      /** As the arguments name them; undefined where the path leads nowhere. */
      devices,
    };
  });
}
