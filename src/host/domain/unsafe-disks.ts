import type { HazardNotice } from '../../decision.ts';
import { disksOf } from '../libvirt/domain-element.ts';
import { attribute, child, type Element } from '../libvirt/xml.ts';

/** The danger of disks that keep what the guest flushes, and will not by another definition. */
export function unsafeDisks(name: string, before: Element, after: Element): readonly HazardNotice[] {
  const old = disksOf(before);
  const unsafe = [...disksOf(after)].filter(([target, disk]) => isUnsafe(disk) && !isUnsafe(old.get(target)));
  return unsafe.map(([target]) => ({
    hazard: 'data-loss',
    subject: `domain ${name} disk ${target}`,
    because: 'cache=unsafe ignores what the guest flushes: a crash of the host corrupts its file systems',
  }));
}

function isUnsafe(disk: Element | undefined): boolean {
  return attribute(disk && child(disk, 'driver'), 'cache') === 'unsafe';
}
