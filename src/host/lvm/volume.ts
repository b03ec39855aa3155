import { type Refuse, refuse } from '../../decision.ts';
import { all, type Look, map } from '../../shell/look.ts';
import { unusableGroup, usabilityFields } from './group.ts';
import { type Row, report, textOf } from './report.ts';

const fields = [
  'lv_name,vg_name,lv_size,lv_attr,lv_layout,segtype,lv_read_ahead,lv_kernel_read_ahead',
  'lv_device_open,lv_active,lv_tags',
  'pool_lv,data_percent,metadata_percent,chunk_size,zero,discards,lv_when_full,lv_metadata_size',
];

/** A volume group and its volumes, as the modules for volumes and pools see them. */
export interface Volumes {
  readonly group: Row | undefined;
  readonly volumes: readonly Row[];
  /** Why nothing in the group can be changed. */
  readonly unusable: Refuse | undefined;
}

/** A volume group and all volumes in it. @throws CannotTell */
export function volumesOf(name: string): Look<Volumes> {
  const looks = all({
    vgs: report('vgs', ['vg_name,vg_extent_size,vg_extent_count,vg_free_count', usabilityFields]),
    lvs: report('lvs', fields, `vg_name="${name}"`),
  });
  return map(looks, ({ vgs, lvs }) => ({
    group: vgs.find(row => row.vg_name === name),
    unusable: unusableGroup(vgs, name),
    // LVM writes the names of volumes that it hides in brackets.
    volumes: lvs.map(row => ({ ...row, lv_name: textOf(row, 'lv_name').replace(/^\[(.*)\]$/, '$1') })),
  }));
}

/** The refusal of a volume whose group is not there; an earlier task may be about to make it. */
export function groupMissing(group: string): Refuse {
  return refuse(
    `the volume group ${group} does not exist`,
    'Make it with lvm_vg first; vgs shows those that are there.',
    {
      needs: [{ kind: 'volume-group', name: group }],
    },
  );
}
