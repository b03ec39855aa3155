import { type Refuse, refuse } from '../../decision.ts';
import type { Illegal } from '../../host/domain/illegal.ts';
import { backendRule } from '../../host/domain/rules-backends.ts';
import type { Storage } from '../../host/domain/storage.ts';
import { attribute, child, type Element } from '../../host/libvirt/xml.ts';
import type { Disks } from './disks.ts';
import { type PresentDisk, resolveDisk, type Verdict } from './resolve.ts';
import type { Args } from './schema.ts';

/** What the task asks of a disk. */
interface Wanted {
  readonly target: string;
  readonly wanted: Args['disks'][string];
}

/** A disk for which the settings are found. */
export interface Resolved extends Wanted {
  readonly verdict: Verdict;
}

/** What suits one disk, or why it cannot have what is asked for. */
export function verdictOf(args: Args, state: Exclude<Disks, Refuse>, { target, wanted }: Wanted): Verdict | Refuse {
  const element = state.disks.get(target);
  const storage = state.storage.find(one => one.target === target);
  if (!element || !storage) {
    const others = [...state.disks.keys()].join(', ') || 'none';
    return refusal(args, { message: `has no disk ${target}`, advice: `Its disks are ${others}.` });
  }
  const { io, discard, ...driver } = wanted;
  const chosen = { ...(io !== 'auto' && { io }), ...(discard !== 'auto' && { discard }) };
  const backend = backendRule(target, element, { ...driver, ...chosen });
  if (backend) return refusal(args, backend);
  const verdict = resolveDisk(wanted, presentDisk(element, storage), { ...args, uring: state.uring });
  if (!('message' in verdict)) return verdict;
  const { message, advice } = verdict;
  return refusal(args, { message: `disk ${target} ${message}`, advice }, storage.present ? '' : storage.source);
}

/** The settings of a disk as libvirt_domain takes them. */
export function settingOf({ target, verdict: { discard, io }, wanted }: Resolved) {
  const { discard: _, io: __, ...rest } = wanted;
  return [target, { ...rest, ...(io && { io }), ...(discard !== undefined && { discard }) }] as const;
}

function presentDisk(element: Element, storage: Storage): PresentDisk {
  const driver = child(element, 'driver');
  return {
    format: attribute(driver, 'type') ?? 'raw',
    cache: attribute(driver, 'cache'),
    discard: attribute(driver, 'discard'),
    storage,
  };
}

function refusal({ name }: Args, { advice, message }: Illegal, missing = ''): Refuse {
  const needs = missing === '' ? {} : { needs: [{ kind: 'path' as const, name: missing }] };
  return refuse(`domain ${name} ${message}`, advice, needs);
}
