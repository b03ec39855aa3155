import { diskSections, readDisks } from '../../host/block/disks.ts';
import { expectedLive, liveReadAhead, type ReadAhead, storedReadAhead } from '../../host/lvm/read-ahead.ts';
import { type Row, readReport, reportCommand } from '../../host/lvm/report.ts';
import { formatSize } from '../../host/size.ts';
import { liveOnly, type Part } from '../../host/tuning/part.ts';
import { accept } from '../../shell/answer.ts';
import { raw, type ShellText, sh } from '../../shell/quote.ts';
import { readFiles } from '../../shell/read-files.ts';
import type { Answer } from '../../shell/script.ts';

const volumeFields = [
  ...['vg_name', 'lv_name', 'lv_attr', 'lv_active', 'lv_read_ahead', 'lv_kernel_read_ahead'],
  ...['chunk_size', 'zero', 'discards', 'lv_when_full', 'data_percent', 'metadata_percent'],
];

/** Sections about what disks of guests lie on. A host without LVM is not a failure. */
export const storageSections: Readonly<Record<string, ShellText>> = {
  ...diskSections,
  groups: sh`command -v vgs >/dev/null || { echo '{"report":[{"vg":[]}]}'; exit; }; ${reportCommand('vgs', ['vg_name', 'vg_extent_size', 'vg_free'])}`,
  volumes: sh`command -v lvs >/dev/null || { echo '{"report":[{"lv":[]}]}'; exit; }; ${reportCommand('lvs', volumeFields)}`,
  shares: raw(`grep -sH '' /proc/fs/nfsd/threads
awk '$3 ~ /^nfs4?$/ { print "mount:" $2, $4 }' /proc/self/mounts`),
  functions: raw(
    'for file in /sys/bus/pci/devices/*/sriov_numvfs; do [ ! -e "$file" ] || { read -r ' +
      'count <"$file" && echo "$file $count"; } || exit 1; done',
  ),
};

/** @throws CannotTell */
export function storageParts(answer: Answer): readonly Part[] {
  return [...diskParts(answer), ...lvmParts(answer), ...networkParts(answer)];
}

function diskParts(answer: Answer): readonly Part[] {
  const disks = readDisks(answer).filter(disk => disk.foreign === undefined);
  return disks.map(({ name, queue }) => {
    const scheduler = /\[(.+)\]/.exec(queue.scheduler ?? '')?.[1] ?? queue.scheduler;
    return liveOnly(
      `queue of ${name}`,
      `${scheduler}, ${queue.nr_requests} requests, read-ahead ${queue.read_ahead_kb} KiB, ` +
        `add_random ${queue.add_random}`,
    );
  });
}

function lvmParts(answer: Answer): readonly Part[] {
  const groups = readReport(answer, 'groups', 'vgs').map(row =>
    liveOnly(
      `volume group ${row.vg_name}`,
      `extents of ${formatSize(Number(row.vg_extent_size))}, ${formatSize(Number(row.vg_free))} free`,
    ),
  );
  const volumes = readReport(answer, 'volumes', 'lvs').filter(row => !row.lv_name?.startsWith('['));
  return [...groups, ...volumes.flatMap(volume => [readAheadPart(volume), ...poolPart(volume)])];
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

/** Shares of NFS, and functions of cards. */
function networkParts(answer: Answer): readonly Part[] {
  const shares = [...readFiles(answer, 'shares')].map(([key, value]) => {
    const [path, options] = value.split(' ');
    return key === 'mount' ? liveOnly(`NFS mount ${path}`, options ?? '') : liveOnly('NFS server threads', value);
  });
  const functions = accept(answer, 'functions', [0], 'The look at virtual functions').stdout.matchAll(
    /\/devices\/(\S+)\/sriov_numvfs (\d+)$/gm,
  );
  return [...shares, ...[...functions].map(([, card, count]) => liveOnly(`virtual functions of ${card}`, count!))];
}
