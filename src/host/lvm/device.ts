import { accept, CannotTell } from '../../shell/answer.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { type DeviceUser, parseDeviceUsers, printDeviceUsers } from './device-users.ts';

/** A block device as the host sees it now. */
export interface Device {
  /** The path in the playbook. */
  readonly path: string;
  /** Where it leads: `/dev/vdb`. */
  readonly real: string;
  /** `major:minor`. */
  readonly number: string;
  /** Bytes. */
  readonly size: number;
  readonly readOnly: boolean;
  readonly holders: readonly string[];
  readonly partitions: readonly string[];
  readonly serials: readonly string[];
  readonly model: string;
  /** What udev knows that no signature shows: a path of a multipath device. */
  readonly multipathPath: boolean;
  readonly mountedOn: readonly string[];
  readonly swap: boolean;
  /**
   * Processes that have it open, and guests that name it; its disk and its partitions count as
   * well.
   */
  readonly users: readonly DeviceUser[];
  /** Types of the signatures found, each once, sorted. */
  readonly signatures: readonly string[];
  /** What the two looks at the ends found: read in full, and bytes other than zero. */
  readonly ends: 'zero' | 'data' | 'unread';
  /** The probe's own texts, which the guard compares with a second look. */
  readonly seen: Readonly<Record<DevicePart, string>>;
}

const deviceParts = ['facts', 'signatures', 'ends', 'users'] as const;
type DevicePart = (typeof deviceParts)[number];

/** Probe sections for the device with this index. */
export function deviceSections(path: string, index: number): Readonly<Record<string, ShellText>> {
  const entries = deviceParts.map(part => [`device${index}_${part}`, lookAt[part](path)]);
  return Object.fromEntries(entries) as Record<string, ShellText>;
}

/** Sections that every device is compared with: mounts and swap. */
export const usageSections = { mounts: sh`cat /proc/self/mountinfo`, swaps: sh`cat /proc/swaps` };

/**
 * The device with this index, or undefined where the path leads nowhere.
 * @throws CannotTell if it could not be looked at.
 */
export function readDevice(answer: Answer, path: string, index: number): Device | undefined {
  const facts = accept(answer, `device${index}_facts`, [0, 3, 4], `The look at ${path}`);
  if (facts.code === 3) return undefined;
  if (facts.code === 4) throw new CannotTell(`${path} is not a block device`);
  const signatures = accept(answer, `device${index}_signatures`, [0], 'wipefs').stdout;
  const users = accept(answer, `device${index}_users`, [0], `The look at who uses ${path}`).stdout;
  const ends = accept(answer, `device${index}_ends`, [0], `The read of ${path}`).stdout;
  const one = (key: string): string => valuesOf(facts.stdout, key)[0] ?? '';
  const [real, number] = [one('real'), one('number')];
  const sectors = Number(one('sectors'));
  if (!real || !/^\d+:\d+$/.test(number) || !(sectors > 0)) throw new CannotTell(`${path} could not be identified`);
  return {
    path,
    real,
    number,
    size: sectors * 512,
    readOnly: one('readonly') !== '0',
    holders: valuesOf(facts.stdout, 'holder'),
    partitions: valuesOf(facts.stdout, 'partition'),
    serials: [...new Set(valuesOf(facts.stdout, 'serial').map(text => text.trim()))].filter(text => text !== ''),
    model: one('model').trim(),
    multipathPath: one('multipath') === '1',
    mountedOn: mountsOf(accept(answer, 'mounts', [0], 'cat').stdout, number, [real, path]),
    swap: swapsOf(accept(answer, 'swaps', [0], 'cat').stdout).includes(real),
    users: parseDeviceUsers(users),
    signatures: signatureTypes(signatures),
    ends: readEnds(ends),
    seen: { facts: facts.stdout, signatures, ends, users },
  };
}

/** Leaves with 75 unless the device looks exactly as it did, and is neither mounted nor swap. */
export function deviceGuard(device: Device): ShellText {
  return join([
    sameDevice(device, deviceParts),
    sh`if grep -q ${` ${device.number} `} /proc/self/mountinfo; then exit 75; fi`,
    sh`if grep -q ${`^${device.real}[[:space:]]`} /proc/swaps; then exit 75; fi`,
  ]);
}

/**
 * Leaves with 75 unless these parts of the device look exactly as they did: the guard of a change
 * that may be made while it is in use.
 */
export function sameDevice(device: Device, parts: readonly DevicePart[]): ShellText {
  return join(
    parts.map(part => {
      const text = device.seen[part].replace(/\n+$/, '');
      return sh`[ "$( ${lookAt[part](device.path)}\n)" = ${text} ] || exit 75`;
    }),
  );
}

const lookAt: Readonly<Record<DevicePart, (path: string) => ShellText>> = {
  facts: path => sh`real=$(readlink -f ${path}) && [ -e "$real" ] || exit 3
[ -b "$real" ] || exit 4
node=/sys/class/block/\${real##*/}
read -r number <"$node/dev" && read -r sectors <"$node/size" && read -r readonly <"$node/ro" || exit 1
printf '%s\\n' "real=$real" "number=$number" "sectors=$sectors" "readonly=$readonly"
for at in "$node"/holders/*; do [ -e "$at" ] && printf 'holder=%s\\n' "\${at##*/}"; done
if [ -e "$node/partition" ]; then
  for at in "$node"/../holders/*; do [ -e "$at" ] && printf 'holder=%s\\n' "\${at##*/}"; done
fi
for at in "$node"/*/partition; do [ -e "$at" ] && at=\${at%/partition} && printf 'partition=%s\\n' "\${at##*/}"; done
for at in "$node/serial" "$node/device/serial" "$node/device/wwid"; do
  [ -r "$at" ] && printf 'serial=%s\\n' "$(cat "$at" 2>/dev/null)"
done
[ -r "$node/device/model" ] && printf 'model=%s\\n' "$(cat "$node/device/model")"
[ -r "/run/udev/data/b$number" ] && sed -n -e 's/^E:ID_SERIAL_SHORT=/serial=/p' -e 's/^E:ID_SERIAL=/serial=/p' \\
  -e 's/^E:ID_MODEL=/model=/p' -e 's/^E:DM_MULTIPATH_DEVICE_PATH=/multipath=/p' "/run/udev/data/b$number"
:`,
  signatures: path => sh`wipefs -J ${path}`,
  users: path => printDeviceUsers(path),
  // dd and tr instead of cmp: the count proves that the whole MiB was read, and a short read does
  // not prove emptiness. A block is a MiB, or less where the size of the device is not a multiple
  // of it: the last MiB starts at a block.
  ends: path => sh`real=$(readlink -f ${path}) && read -r sectors <"/sys/class/block/\${real##*/}/size" || exit 1
block=2048; while [ $((sectors % block)) -ne 0 ]; do block=$((block / 2)); done
for start in 0 $((sectors - 2048)); do
  mib="bs=$((block * 512)) skip=$((start / block)) count=$((2048 / block))"
  all=$(dd if=${path} $mib 2>/dev/null | wc -c)
  other=$(dd if=${path} $mib 2>/dev/null | tr -d '\\000' | wc -c)
  printf '%d %d\\n' "$all" "$other"
done`,
};

function valuesOf(text: string, key: string): readonly string[] {
  const lines = text.split('\n').filter(line => line.startsWith(`${key}=`));
  return lines.map(line => line.slice(key.length + 1));
}

function mountsOf(mountinfo: string, number: string, sources: readonly string[]): readonly string[] {
  const rows = mountinfo.split('\n').map(line => line.split(' '));
  const ours = rows.filter(row => row[2] === number || sources.includes(row[row.indexOf('-', 6) + 2] ?? ''));
  return ours.map(row => row[4]!);
}

function swapsOf(text: string): readonly string[] {
  const rows = text.split('\n').slice(1);
  return rows.map(row => row.split(/\s/)[0]!).filter(name => name !== '');
}

function signatureTypes(text: string): readonly string[] {
  try {
    const { signatures } = JSON.parse(text) as { signatures: { type: string }[] };
    return [...new Set(signatures.map(found => found.type))].sort();
  } catch {
    throw new CannotTell(`wipefs printed something that is not a list of signatures: ${text.slice(0, 200)}`);
  }
}

function readEnds(text: string): Device['ends'] {
  const rows = text.trim().split('\n');
  if (rows.length !== 2 || rows.some(row => !row.startsWith('1048576 '))) return 'unread';
  return rows.every(row => row === '1048576 0') ? 'zero' : 'data';
}
