import { CannotTell } from '../shell/answer.ts';
import { all, ask, later, map, printed } from '../shell/look.ts';
import { raw } from '../shell/quote.ts';
import { defineFacts } from './fact.ts';
import { parseJson } from './parse.ts';
import { flag, integer, list, record, text } from './schema.ts';

const columns = 'NAME,PATH,TYPE,SIZE,MODEL,SERIAL,ROTA,RO,FSTYPE';

export const block = defineFacts({
  name: 'block',
  summary: 'Block devices and what lies on them (null without lsblk).',
  schema: list(
    record({
      name: text('sda1, vmpool-vm1'),
      path: text('/dev/sda1, /dev/mapper/vmpool-vm1'),
      by_id: list({ type: 'string' }, 'Its stable names: /dev/disk/by-id/…'),
      type: text('disk, part, lvm, raid1, crypt, loop, rom, …'),
      size: integer('Bytes.'),
      model: text('Of a disk; empty where there is none.'),
      serial: text('Of a disk; empty where there is none.'),
      rotational: flag('Whether it is a spinning disk.'),
      readonly: flag('Whether it cannot be written.'),
      fstype: text('What is on it: ext4, LVM2_member, …; empty where nothing is known.'),
      mountpoints: list({ type: 'string' }),
      parents: list({ type: 'string' }, 'Names of the devices that it lies on.'),
    }),
  ),
  look: map(
    all({
      // busybox has no lsblk. Before util-linux 2.37 there was one mount point.
      lsblk: ask(
        'lsblk',
        raw(
          `command -v lsblk >/dev/null || exit 127; lsblk -J -b -o ${columns},MOUNTPOINTS ` +
            `2>/dev/null || lsblk -J -b -o ${columns},MOUNTPOINT`,
        ),
        [0, 127],
      ),
      ids: later(map(printed('ls', raw('[ ! -d /dev/disk/by-id ] || ls -l /dev/disk/by-id')), readIds)),
    }),
    ({ lsblk, ids }) => (lsblk.code === 127 ? null : readDevices(lsblk.stdout, ids())),
  ),
});

/** @throws CannotTell */
function readDevices(printed: string, ids: ReadonlyMap<string, string[]>): Device[] {
  const tree = parseJson(printed, 'lsblk') as { blockdevices?: Node[] };
  if (!Array.isArray(tree.blockdevices)) throw new CannotTell('lsblk printed no list of devices');
  const devices = new Map<string, Device>();
  for (const node of tree.blockdevices) collect(node, undefined, ids, devices);
  return [...devices.values()];
}

interface Node {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly size: number | string;
  readonly model: string | null;
  readonly serial: string | null;
  readonly rota: boolean | string;
  readonly ro: boolean | string;
  readonly fstype: string | null;
  readonly mountpoints?: readonly (string | null)[];
  readonly mountpoint?: string | null;
  readonly children?: readonly Node[];
}

type Device = ReturnType<typeof device>;

/** What lies on several devices, as a mirror does, is shown by lsblk below each of them. */
function collect(
  node: Node,
  parent: string | undefined,
  ids: ReadonlyMap<string, string[]>,
  devices: Map<string, Device>,
): void {
  const known = devices.get(node.name) ?? device(node, ids);
  if (parent !== undefined && !known.parents.includes(parent)) known.parents.push(parent);
  devices.set(node.name, known);
  for (const child of node.children ?? []) collect(child, node.name, ids, devices);
}

function device(node: Node, ids: ReadonlyMap<string, string[]>) {
  const mountpoints = node.mountpoints ?? [node.mountpoint ?? null];
  return {
    name: node.name,
    path: node.path,
    by_id: ids.get(node.path.startsWith('/dev/mapper/') ? node.path : `/dev/${node.name}`) ?? [],
    type: node.type,
    size: Number(node.size),
    model: (node.model ?? '').trim(),
    serial: (node.serial ?? '').trim(),
    // Before util-linux 2.33 these were texts.
    rotational: node.rota === true || node.rota === '1',
    readonly: node.ro === true || node.ro === '1',
    fstype: node.fstype ?? '',
    mountpoints: mountpoints.filter(point => point !== null),
    parents: [] as string[],
  };
}

/**
 * Stable names by device. A name of the device mapper leads to dm-N, but carries the mapper's name.
 */
function readIds(listing: string): ReadonlyMap<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const [, name = '', target = ''] of listing.matchAll(/ (\S+) -> (?:\.\.\/)+(\S+)$/gm)) {
    const mapped = /^dm-name-(.+)$/.exec(name)?.[1];
    for (const path of [`/dev/${target}`, ...(mapped === undefined ? [] : [`/dev/mapper/${mapped}`])]) {
      ids.set(path, [...(ids.get(path) ?? []), `/dev/disk/by-id/${name}`]);
    }
  }
  return ids;
}
