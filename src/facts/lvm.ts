import { numberOf, type Row, rowsOf, textOf } from '../host/lvm/report.ts';
import { all, ask, later, map, printed } from '../shell/look.ts';
import { raw, type ShellText } from '../shell/quote.ts';
import { defineFacts } from './fact.ts';
import { integer, list, record, text } from './schema.ts';

const volumeFields = 'vg_name,lv_name,lv_size,lv_attr,pool_lv,chunk_size,lv_read_ahead,data_percent,metadata_percent';

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
  look: map(
    all({
      vgs: ask('vgs', reportOf('vgs', 'vg_name,vg_size,vg_free,vg_extent_size,vg_attr'), [0, 127]),
      lvs: later(printed('lvs', reportOf('lvs', volumeFields))),
      pvs: later(printed('pvs', reportOf('pvs', 'pv_name,vg_name,pv_size,pv_free'))),
    }),
    ({ lvs, pvs, vgs }) =>
      vgs.code === 127
        ? null
        : {
            vgs: rowsOf('vgs', vgs.stdout).map(groupIn),
            lvs: rowsOf('lvs', lvs()).map(volumeIn),
            pvs: rowsOf('pvs', pvs()).map(deviceIn),
          },
  ),
});

function reportOf(program: string, fields: string): ShellText {
  return raw(
    `command -v ${program} >/dev/null || exit 127; ${program} --reportformat json --units b --nosuffix -o ${fields}`,
  );
}

function groupIn(row: Row) {
  return {
    name: textOf(row, 'vg_name'),
    size: numberOf(row, 'vg_size'),
    free: numberOf(row, 'vg_free'),
    extent_size: numberOf(row, 'vg_extent_size'),
    attributes: textOf(row, 'vg_attr'),
  };
}

function volumeIn(row: Row) {
  return {
    vg: textOf(row, 'vg_name'),
    name: textOf(row, 'lv_name'),
    size: numberOf(row, 'lv_size'),
    attributes: textOf(row, 'lv_attr'),
    pool: textOf(row, 'pool_lv'),
    // Empty for what has none.
    chunk_size: Number(textOf(row, 'chunk_size')),
    read_ahead: textOf(row, 'lv_read_ahead'),
    data_percent: Number(textOf(row, 'data_percent')),
    metadata_percent: Number(textOf(row, 'metadata_percent')),
  };
}

function deviceIn(row: Row) {
  return {
    name: textOf(row, 'pv_name'),
    vg: textOf(row, 'vg_name'),
    size: numberOf(row, 'pv_size'),
    free: numberOf(row, 'pv_free'),
  };
}
