import type { ClockArgs } from '../../host/domain/args.ts';
import { ensurePart } from '../../host/libvirt/domain-element.ts';
import { timerOf } from '../../host/libvirt/guest-features.ts';
import { addChild, attribute, type Element, setAttribute } from '../../host/libvirt/xml.ts';

/** Belong to the offset that they stand with. */
const ofTheOffset = ['adjustment', 'basis', 'timezone', 'start'];

/** Sets what is given of the clock; other timers stay. */
export function editClock(domain: Element, wanted: ClockArgs): void {
  const clock = ensurePart(domain, 'clock');
  const now = attribute(clock, 'offset') ?? 'utc';
  const offset = wanted.offset ?? now;
  if (offset !== now) for (const name of ofTheOffset) setAttribute(clock, name, undefined);
  setAttribute(clock, 'offset', offset);
  for (const [name, timer] of Object.entries(wanted.timers ?? {})) {
    if (timer === undefined) continue;
    const element = timerOf(domain, name) ?? addChild(clock, 'timer', { name });
    if ('tickpolicy' in timer) setAttribute(element, 'tickpolicy', timer.tickpolicy);
    else setAttribute(element, 'present', timer.present ? 'yes' : 'no');
  }
}
