import { CannotTell } from '../../shell/answer.ts';
import { all, ask, each, type Look, later, map, printed, type Seen } from '../../shell/look.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import { type DevicePart, deviceParts, deviceTexts } from './device-texts.ts';
import { type DeviceUser, parseDeviceUsers } from './device-users.ts';

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

/** What the kernel lists as mounted and as swap, with which every device is compared. */
export const usage = all({
  mounts: printed('cat', sh`cat /proc/self/mountinfo`),
  swaps: printed('cat', sh`cat /proc/swaps`),
});

/** A device as far as the device itself tells; what the host uses it for is in {@link usage}. */
export type UnusedDevice = Omit<Device, 'mountedOn' | 'swap'>;

/** The devices at these paths; undefined for a path that leads nowhere. @throws CannotTell */
export function devices(paths: readonly string[]): Look<readonly (Device | undefined)[]> {
  return map(all({ usage: later(usage), devices: each(paths, deviceAt) }), seen =>
    seen.devices.map(device => device && inUse(device, seen.usage())),
  );
}

/**
 * The device at a path without its {@link usage}; undefined where the path leads nowhere.
 * @throws CannotTell if it could not be looked at.
 */
export function deviceAt(path: string): Look<UnusedDevice | undefined> {
  const looks = all({
    facts: ask(`The look at ${path}`, deviceTexts.facts(path), [0, 3, 4]),
    signatures: later(printed('wipefs', deviceTexts.signatures(path))),
    ends: later(printed(`The read of ${path}`, deviceTexts.ends(path))),
    users: later(printed(`The look at who uses ${path}`, deviceTexts.users(path))),
  });
  return map(looks, ({ facts, ...rest }) => {
    if (facts.code === 3) return undefined;
    if (facts.code === 4) throw new CannotTell(`${path} is not a block device`);
    const [signatures, users, ends] = [rest.signatures(), rest.users(), rest.ends()];
    return {
      path,
      ...factsIn(facts.stdout, path),
      users: parseDeviceUsers(users),
      signatures: signatureTypes(signatures),
      ends: readEnds(ends),
      seen: { facts: facts.stdout, signatures, ends, users },
    };
  });
}

/** The device with what the host uses it for. */
export function inUse(device: UnusedDevice, { mounts, swaps }: Seen<typeof usage>): Device {
  const { number, path, real } = device;
  return { ...device, mountedOn: mountsOf(mounts, number, [real, path]), swap: swapsOf(swaps).includes(real) };
}

/** @throws CannotTell */
function factsIn(text: string, path: string) {
  const one = (key: string): string => valuesOf(text, key)[0] ?? '';
  const [real, number] = [one('real'), one('number')];
  const sectors = Number(one('sectors'));
  if (!real || !/^\d+:\d+$/.test(number) || !(sectors > 0)) throw new CannotTell(`${path} could not be identified`);
  return {
    real,
    number,
    size: sectors * 512,
    readOnly: one('readonly') !== '0',
    holders: valuesOf(text, 'holder'),
    partitions: valuesOf(text, 'partition'),
    serials: [...new Set(valuesOf(text, 'serial').map(serial => serial.trim()))].filter(serial => serial !== ''),
    model: one('model').trim(),
    multipathPath: one('multipath') === '1',
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
      return sh`[ "$( ${deviceTexts[part](device.path)}\n)" = ${text} ] || exit 75`;
    }),
  );
}

function valuesOf(text: string, key: string): readonly string[] {
  const lines = text.split('\n').filter(line => line.startsWith(`${key}=`));
  return lines.map(line => line.slice(key.length + 1));
}

function mountsOf(mountinfo: string, number: string, sources: readonly string[]): readonly string[] {
  const rows = mountinfo.split('\n').map(line => line.split(' '));
  const ours = rows.filter(row => row[2] === number || sources.includes(row[row.indexOf('-', 6) + 2] ?? ''));
  return ours.flatMap(([, , , , point]) => point ?? []);
}

function swapsOf(text: string): readonly string[] {
  const rows = text.split('\n').slice(1);
  return rows.flatMap(row => /^\S+/.exec(row)?.[0] ?? []);
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
