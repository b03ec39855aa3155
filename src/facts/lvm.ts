import { accept, CannotTell } from '../shell/answer.ts';
import { raw } from '../shell/quote.ts';
import { type Answer, script } from '../shell/script.ts';
import { defineFacts } from './fact.ts';
import { parseJson } from './parse.ts';
import { integer, list, record, text } from './schema.ts';

const report = '--reportformat json --units b --nosuffix';

export const lvm = defineFacts({
  name: 'lvm',
  summary: 'Volume groups, logical and physical volumes (null without LVM).',
  schema: record({
    vgs: list(
      record({
        name: text('The volume group.'),
        size: integer('Bytes.'),
        free: integer('Bytes.'),
        extent_size: integer('Bytes.'),
        attributes: text('As vgs prints them: wz--n-.'),
      }),
    ),
    lvs: list(
      record({
        vg: text('Its volume group.'),
        name: text('The logical volume.'),
        size: integer('Bytes.'),
        attributes: text('As lvs prints them: Vwi-aotz--.'),
        pool: text('Its thin pool; empty where it has none.'),
        chunk_size: integer('Bytes; 0 for what has no chunks.'),
        read_ahead: text('auto, or sectors.'),
        data_percent: { type: 'number', description: 'How full a thin pool or volume is; 0 for others.' },
        metadata_percent: { type: 'number', description: 'How full the metadata of a thin pool is; 0 for others.' },
      }),
    ),
    pvs: list(
      record({
        name: text('The device.'),
        vg: text('Its volume group; empty where it is in none.'),
        size: integer('Bytes.'),
        free: integer('Bytes.'),
      }),
    ),
  }),
  probe: script({
    vgs: raw(`command -v vgs >/dev/null || exit 127; vgs ${report} -o vg_name,vg_size,vg_free,vg_extent_size,vg_attr`),
    lvs: raw(
      `command -v lvs >/dev/null || exit 127; lvs ${report} -o ` +
        'vg_name,lv_name,lv_size,lv_attr,pool_lv,chunk_size,lv_read_ahead,data_percent,metadata_percent',
    ),
    pvs: raw(`command -v pvs >/dev/null || exit 127; pvs ${report} -o pv_name,vg_name,pv_size,pv_free`),
  }),
  read(answer) {
    if (answer.vgs?.code === 127) return null;
    return {
      vgs: rows(answer, 'vgs', 'vg').map(row => ({
        name: row('vg_name'),
        size: Number(row('vg_size')),
        free: Number(row('vg_free')),
        extent_size: Number(row('vg_extent_size')),
        attributes: row('vg_attr'),
      })),
      lvs: rows(answer, 'lvs', 'lv').map(row => ({
        vg: row('vg_name'),
        name: row('lv_name'),
        size: Number(row('lv_size')),
        attributes: row('lv_attr'),
        pool: row('pool_lv'),
        chunk_size: Number(row('chunk_size')),
        read_ahead: row('lv_read_ahead'),
        data_percent: Number(row('data_percent')),
        metadata_percent: Number(row('metadata_percent')),
      })),
      pvs: rows(answer, 'pvs', 'pv').map(row => ({
        name: row('pv_name'),
        vg: row('vg_name'),
        size: Number(row('pv_size')),
        free: Number(row('pv_free')),
      })),
    };
  },
});

/**
 * The rows of a report. A lock or a permission that failed makes LVM leave with 5 and an empty
 * list: that is not an answer.
 */
function rows(answer: Answer, program: string, kind: string): ((field: string) => string)[] {
  const parsed = parseJson(accept(answer, program, [0], program).stdout, program) as {
    report?: Record<string, Record<string, string>[]>[];
  };
  const list = parsed.report?.[0]?.[kind];
  if (!Array.isArray(list)) throw new CannotTell(`${program} printed no report`);
  return list.map(row => field => row[field] ?? '');
}
