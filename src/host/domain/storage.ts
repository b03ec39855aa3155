import { CannotTell } from '../../shell/answer.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { virsh } from '../libvirt/virsh.ts';

/** Where a disk of a domain lies, as the host sees it now. */
export interface Storage {
  readonly target: string;
  /** libvirt's type of the source: `file`, `block`, `network`, `volume`, … */
  readonly type: string;
  /** The path; '' where there is none. */
  readonly source: string;
  /** Whether the file or the device is there. */
  readonly present: boolean;
  /** Of a file: bytes that it is long, and bytes that are allocated. */
  readonly size: number;
  readonly allocated: number;
  /** Of a file that begins like qcow2: the size of the disk in it, in bytes. */
  readonly qcow2Size: number | undefined;
  /** Of a file: the type of its file system, as the kernel calls it. */
  readonly fileSystem: string | undefined;
  /** The lowest devices under it; empty where they cannot be told (a network file system, ZFS). */
  readonly devices: readonly { readonly name: string; readonly rotating: boolean }[];
  /** A logical volume is among the devices. */
  readonly lvm: boolean;
}

/**
 * Where the sources of these disks lie. The size in a qcow2 file is read from its header:
 * `qemu-img info` follows what a header names, and in a raw image the guest writes the header.
 * @throws CannotTell
 */
export function storageOf(domain: string, targets: readonly string[], uri: string): Look<readonly Storage[]> {
  const text = sh`list=$(${virsh(uri)} domblklist --inactive --details --domain ${domain}) || exit 1
lowest() (
  device=$(readlink -f "$1") && [ -d "$device" ] || exit 1
  [ ! -e "$device/partition" ] || device=\${device%/*}
  case $(cat "$device/dm/uuid" 2>/dev/null) in LVM-*) echo lvm= ;; esac
  below=
  for slave in "$device"/slaves/*; do
    if [ -e "$slave" ]; then below=1; lowest "$slave" || exit 1; fi
  done
  [ -n "$below" ] || echo "device=\${device##*/} $(cat "$device/queue/rotational")"
)
node() { real=$(readlink -f "$1") && echo "/sys/class/block/$(printf %s "\${real#/dev/}" | tr / '!')"; }
look() {
  found=$(stat -L -c '%s %b %B' -- "$2" 2>&1) || {
    case $found in *'No such file or directory'*) echo missing=; return 0 ;; esac
    printf '%s\\n' "$found" >&2
    return 1
  }
  if [ "$1" = block ]; then
    lowest "$(node "$2")"
    return
  fi
  echo "stat=$found"
  head=$(od -An -v -tx1 -N32 "$2") || return 1
  echo "head=$(printf %s "$head" | tr -d ' \\n')"
  mount=$(findmnt -n -r -o FSTYPE,SOURCE -T "$2" | tail -n 1) && [ -n "$mount" ] || return 1
  echo "fs=\${mount%% *}"
  device=\${mount#* }
  device=\${device%%'['*}
  case $device in /dev/*) below=$(node "$device"); [ ! -d "$below" ] || lowest "$below" ;; esac
}
set -- ${targets}
printf '%s\\n' "$list" | while read -r type device target source; do
  for wanted; do
    [ "$target" = "$wanted" ] || continue
    printf '%s\\n' "disk=$target" "type=$type" "source=$source"
    case $type in file|block) look "$type" "$source" || exit 1 ;; esac
  done
done`;
  return map(printed("The look at the disks' sources", text), found =>
    found
      .split(/^disk=/m)
      .slice(1)
      .map(readOne),
  );
}

function readOne(text: string): Storage {
  const [target = '', ...lines] = text.split('\n');
  const all = (key: string): readonly string[] =>
    lines.filter(line => line.startsWith(`${key}=`)).map(line => line.slice(key.length + 1));
  const one = (key: string): string | undefined => all(key)[0];
  const type = one('type') ?? '';
  const source = one('source') ?? '';
  const present = one('missing') === undefined && source !== '-' && source !== '';
  const stat = /^(\d+) (\d+) (\d+)$/.exec(one('stat') ?? '');
  const [, size = 0, blocks = 0, unit = 0] = stat ?? [];
  const fileSystem = one('fs');
  if (present && type === 'file' && !(stat && fileSystem)) {
    throw new CannotTell(`the look at ${source} told neither its size nor its file system`);
  }
  const devices = all('device').map(row => {
    const [name = '', rotational] = row.split(' ');
    if (rotational !== '0' && rotational !== '1')
      throw new CannotTell(`the kernel does not say whether ${name} rotates`);
    return { name, rotating: rotational === '1' };
  });
  if (present && type === 'block' && devices.length === 0)
    throw new CannotTell(`the device under ${source} was not found`);
  return {
    target,
    type,
    source: source === '-' ? '' : source,
    present,
    size: Number(size),
    allocated: Number(blocks) * Number(unit),
    fileSystem,
    qcow2Size: qcow2Size(one('head') ?? ''),
    devices,
    lvm: one('lvm') !== undefined,
  };
}

/**
 * The size of the disk from the first 32 bytes of a qcow2 file, as hexadecimal digits: eight bytes
 * from the 24th, the most significant first.
 */
function qcow2Size(head: string): number | undefined {
  return /^514649fb/.test(head) && head.length === 64 ? Number.parseInt(head.slice(48), 16) : undefined;
}

/** Whether the file lies on a share of CIFS. */
export function isCifs(storage: Storage): boolean {
  return ['cifs', 'smb3', 'smbfs'].includes(storage.fileSystem ?? '');
}
