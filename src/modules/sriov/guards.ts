import { type HazardNotice, type Refuse, refuse } from '../../decision.ts';
import type { PhysicalFunction } from './device.ts';
import type { Connection } from './owners.ts';
import type { Reached } from './reached.ts';
import { fighting } from './rule.ts';
import type { Guest } from './users.ts';

/** What the arguments say of it. */
interface Wish {
  readonly numvfs: number;
  readonly persist: string;
  readonly allow_management: boolean;
}

/** Who else has to do with the device. */
export interface Around {
  readonly guests: readonly Guest[];
  readonly reached: readonly Reached[];
  readonly connections: readonly Connection[];
  readonly others: string;
}

/** Why the device cannot have these functions. */
export function refuseDevice(pf: PhysicalFunction, { numvfs }: Wish): Refuse | undefined {
  if (pf.total === undefined) {
    return refuse(
      `${pf.address} has no SR-IOV`,
      'Not all cards have it; of those that do, some need it enabled in their firmware and in that of the host.',
    );
  }
  if (pf.driver === '' && numvfs > 0) {
    return refuse(
      `no driver has ${pf.address}, and the kernel makes functions only through one`,
      `Load its driver first (modprobe): /sys/bus/pci/devices/${pf.address}/modalias says what it is.`,
      { needs: [{ kind: 'kernel-module', name: '*' }] },
    );
  }
  if (numvfs > pf.total) {
    return refuse(
      `${pf.address} has at most ${pf.total} virtual functions, not ${numvfs}`,
      "Ask for fewer; some cards take more after a change in their firmware's settings.",
    );
  }
  return undefined;
}

/**
 * Why the number must not change now: who uses the functions, or reaches the host by the device.
 */
export function refuseChange(pf: PhysicalFunction, wish: Wish, around: Around): Refuse | undefined {
  const running = around.guests.filter(guest => guest.running);
  const whole = pf.driver.startsWith('vfio') ? [`${pf.address} itself is bound to ${pf.driver}`] : [];
  const each = pf.functions.flatMap(one => [
    ...(one.driver.startsWith('vfio') ? [`${one.address} is bound to ${one.driver}`] : []),
    ...one.uses.map(use => `${use} (${one.address})`),
  ]);
  const used = [...whole, ...each];
  if (running.length > 0 || used.length > 0) {
    const by = [...running.map(guest => `guest ${guest.name} runs with one`), ...used].join(', ');
    return refuse(
      `the kernel changes ${pf.current} functions of ${pf.address} to ${wish.numvfs} only ` +
        `by taking all of them away, and they are in use: ${by}`,
      'Shut those guests down or detach the functions, set their interfaces down, unbind their disks; then run again.',
    );
  }
  const names = reachedBy(pf, around);
  if (names.length > 0 && !wish.allow_management) {
    return refuse(
      `the host is reached by ${names.join(', ')}, which is ${pf.address}: ` +
        'its link may go down for seconds, or not come back',
      'Use another device; or say allow_management: true, with a console at hand.',
    );
  }
  return undefined;
}

/** Why the number cannot be stored. */
export function refuseStored(pf: PhysicalFunction, { numvfs, persist }: Wish, around: Around): Refuse | undefined {
  const other = around.connections.find(
    one => one.functions !== numvfs && (one.functions > 0 || persist === 'networkmanager'),
  );
  if (other) {
    return refuse(
      `NetworkManager gives ${pf.address} ${other.functions} functions by its connection ` +
        `${other.name}, each time that it is activated`,
      `Set it there: nmcli connection modify '${other.name}' sriov.total-vfs ${numvfs}. It ` +
        'takes effect when the connection is activated, which takes the link down.',
    );
  }
  if (persist === 'networkmanager' && around.connections.length === 0) {
    return refuse(
      `NetworkManager has no active connection on ${pf.address}`,
      'Take persist: auto, which lets udev do it.',
    );
  }
  const found = persist === 'none' ? undefined : fighting(around.others, pf, numvfs);
  return (
    found &&
    refuse(`${found.file} sets another number for ${pf.address}: ${found.line.trim()}`, `Take it out of ${found.file}.`)
  );
}

/** What needs consent when the number changes. */
export function hazardsOf(pf: PhysicalFunction, around: Around): readonly HazardNotice[] {
  const defined = around.guests.filter(guest => !guest.running).map(guest => guest.name);
  const notices: HazardNotice[] = [];
  if (pf.current > 0) {
    const guests = defined.length === 0 ? '' : `; ${defined.join(', ')} cannot start until they are back`;
    notices.push({
      hazard: 'service-interruption',
      subject: pf.address,
      because: `all of its ${pf.current} virtual functions go, and new ones come${guests}.`,
    });
  }
  const names = reachedBy(pf, around);
  if (names.length > 0) {
    notices.push({
      hazard: 'service-interruption',
      subject: names.join(', '),
      because: 'the host is reached by it, and its link may go down.',
    });
  }
  return notices;
}

function reachedBy(pf: PhysicalFunction, { reached }: Around): readonly string[] {
  // What is behind a virtual function shows its physical one, too.
  return [...new Set(reached.filter(one => one.address === pf.address).map(one => one.name))];
}
