import type { Pending } from '../../events/result.ts';
import { differingParts } from './managed.ts';
import type { Element } from './xml.ts';

/**
 * The condition that a running domain is not what its definition says. A reboot inside the guest
 * keeps the QEMU process and never settles it.
 */
export function pendingRestart(name: string, inactive: Element, live: Element | undefined): readonly Pending[] {
  const parts = live ? differingParts(inactive, live) : [];
  if (parts.length === 0) return [];
  const take = parts.length === 1 ? 'takes' : 'take';
  const reason = `${parts.join(', ')}: ${take} effect when ${name} is shut down and started`;
  return [{ kind: 'guest-restart', subject: name, reason }];
}
