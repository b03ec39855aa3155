import { type Disk, disks } from '../../host/block/disks.ts';
import { expectedLive, liveReadAhead, type ReadAhead, storedReadAhead } from '../../host/lvm/read-ahead.ts';
import { type Row, reportCommand, rowsOf } from '../../host/lvm/report.ts';
import { formatSize } from '../../host/size.ts';
import { liveOnly, type Part } from '../../host/tuning/part.ts';
import { all, type Look, map, printed } from '../../shell/look.ts';
import { raw, sh } from '../../shell/quote.ts';
import { firstLines } from '../../shell/read-files.ts';

const volumeFields = [
  ...['vg_name', 'lv_name', 'lv_attr', 'lv_active', 'lv_read_ahead', 'lv_kernel_read_ahead'],
  ...['chunk_size', 'zero', 'discards', 'lv_when_full', 'data_percent', 'metadata_percent'],
];

/** What disks of guests lie on, NFS, and functions of cards. @throws CannotTell */
export const storageParts: Look<readonly Part[]> = map(
  all({
    disks,
    groups: report('vgs', ['vg_name', 'vg_extent_size', 'vg_free']),
    volumes: report('lvs', volumeFields),
    shares: firstLines(
      raw(`grep -sH '' /proc/fs/nfsd/threads
awk '$3 ~ /^nfs4?$/ { print "mount:" $2, $4 }' /proc/self/mounts`),
    ),
    functions: printed(
      'The look at virtual functions',
      raw(
        'for file in /sys/bus/pci/devices/*/sriov_numvfs; do [ ! -e "$file" ] || { read -r ' +
          'count <"$file" && echo "$file $count"; } || exit 1; done',
      ),
    ),
  }),
  ({ disks, groups, volumes, shares, functions }) => [
    ...disks.filter(disk => disk.foreign === undefined).map(diskPart),
    ...groups.map(groupPart),
    ...volumes
      .filter(row => !row.lv_name?.startsWith('['))
      .flatMap(volume => [readAheadPart(volume), ...poolPart(volume)]),
    ...[...shares].map(([key, value]) => sharePart(key, value)),
    ...functionParts(functions),
  ],
);

/** The rows of a report; none on a host without LVM, which is not a failure. */
function report(program: 'vgs' | 'lvs', fields: readonly string[]): Look<readonly Row[]> {
  const none = JSON.stringify({ report: [{ [program.slice(0, -1)]: [] }] });
  const text = sh`command -v ${program} >/dev/null || { echo ${none}; exit; }; ${reportCommand(program, fields)}`;
  return map(printed(program, text), stdout => rowsOf(program, stdout));
}

function diskPart({ name, queue }: Disk): Part {
  const scheduler = /\[(.+)\]/.exec(queue.scheduler ?? '')?.[1] ?? queue.scheduler;
  return liveOnly(
    `queue of ${name}`,
    `${scheduler}, ${queue.nr_requests} requests, read-ahead ${queue.read_ahead_kb} KiB, ` +
      `add_random ${queue.add_random}`,
  );
}

function groupPart(row: Row): Part {
  return liveOnly(
    `volume group ${row.vg_name}`,
    `extents of ${formatSize(Number(row.vg_extent_size))}, ${formatSize(Number(row.vg_free))} free`,
  );
}

function readAheadPart(row: Row): Part {
  const [stored, live] = [storedReadAhead(row), liveReadAhead(row)];
  const expected = expectedLive(stored);
  const waits = live !== undefined && expected !== undefined && live !== expected ? 'apply' : null;
  const part = `read-ahead of ${row.vg_name}/${row.lv_name}`;
  return { part, configured: inWords(stored), live: live === undefined ? null : inWords(live || 'none'), waits };
}

function inWords(readAhead: ReadAhead): string {
  return typeof readAhead === 'number' ? `${readAhead} sectors` : readAhead;
}

function poolPart(row: Row): readonly Part[] {
  if (!row.lv_attr?.startsWith('t')) return [];
  const zero = row.zero === 'zero' || row.zero === '1' ? 'zeroed' : 'not zeroed';
  return [
    liveOnly(
      `thin pool ${row.vg_name}/${row.lv_name}`,
      `chunks of ${formatSize(Number(row.chunk_size))}, ${zero}, discards ${row.discards}, ` +
        `${row.lv_when_full} when full, ${row.data_percent} % data, ${row.metadata_percent} ` +
        '% metadata',
    ),
  ];
}

/** `mount: PATH OPTIONS`, or the file that has the threads of the server. */
function sharePart(key: string, value: string): Part {
  const [path, options = ''] = value.split(' ');
  return key === 'mount' ? liveOnly(`NFS mount ${path}`, options) : liveOnly('NFS server threads', value);
}

function functionParts(text: string): readonly Part[] {
  const found = text.matchAll(/\/devices\/(\S+)\/sriov_numvfs (\d+)$/gm);
  return [...found].map(([, card, count = '']) => liveOnly(`virtual functions of ${card}`, count));
}
