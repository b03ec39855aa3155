import { type Refuse, refuse } from '../../decision.ts';
import type { ShellText } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { unusableGroup, usabilityFields } from './group.ts';
import { type Row, readReport, reportCommand } from './report.ts';

const fields = [
  'lv_name,vg_name,lv_size,lv_attr,lv_layout,segtype,lv_read_ahead,lv_kernel_read_ahead,lv_device_open,lv_active,lv_tags',
  'pool_lv,data_percent,metadata_percent,chunk_size,zero,discards,lv_when_full,lv_metadata_size',
];

/** A volume group and its volumes, as the modules for volumes and pools see them. */
export interface Volumes {
  readonly group: Row | undefined;
  readonly volumes: readonly Row[];
  /** Why nothing in the group can be changed. */
  readonly unusable: Refuse | undefined;
}

/** Probe sections that read a volume group and all volumes in it. */
export function volumeSections(group: string): Readonly<Record<'vgs' | 'lvs', ShellText>> {
  return {
    vgs: reportCommand('vgs', ['vg_name,vg_extent_size,vg_extent_count,vg_free_count', usabilityFields]),
    lvs: reportCommand('lvs', fields, `vg_name="${group}"`),
  };
}

/** @throws CannotTell */
export function readVolumes(answer: Answer, group: string): Volumes {
  const groups = readReport(answer, 'vgs', 'vgs');
  return {
    group: groups.find(row => row.vg_name === group),
    unusable: unusableGroup(groups, group),
    volumes: readReport(answer, 'lvs', 'lvs').map(row => ({
      ...row,
      lv_name: row.lv_name!.replace(/^\[(.*)\]$/, '$1'),
    })),
  };
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
