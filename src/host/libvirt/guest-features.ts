import type { Enlightenment } from './enlightenments.ts';
import { at, attribute, child, children, type Element } from './xml.ts';

/** Modes in which the CPU has what the host's has, so that x2APIC comes with it. */
const fromHost = ['host-passthrough', 'host-model', 'maximum'];

/**
 * Whether the definition says that the guest has x2APIC; undefined where it leaves that to the CPU
 * model.
 */
export function x2apicOf(domain: Element): boolean | undefined {
  const policy = attribute(x2apicFeature(domain), 'policy');
  if (policy === 'require' || policy === 'force') return true;
  return policy === 'disable' || policy === 'forbid' ? false : undefined;
}

/** The feature as `<cpu>` has it. */
export function x2apicFeature(domain: Element): Element | undefined {
  const cpu = child(domain, 'cpu');
  return cpu && children(cpu, 'feature').find(feature => attribute(feature, 'name') === 'x2apic');
}

/** Whether the CPU takes what the host's has. */
export function isFromHost(cpu: Element | undefined): boolean {
  return fromHost.includes(attribute(cpu, 'mode') ?? '');
}

/** `mode` of `<hyperv>`: only in `custom` libvirt reads what is in it. */
export function hypervMode(domain: Element): string {
  return attribute(at(domain, 'features', 'hyperv'), 'mode') ?? 'custom';
}

/** The enlightenments that are on, with their values; '' for those that have none. */
export function hypervOf(domain: Element): ReadonlyMap<Enlightenment, string> {
  const hyperv = at(domain, 'features', 'hyperv');
  const on = (hyperv ? children(hyperv) : []).filter(element => attribute(element, 'state') !== 'off');
  return new Map(
    on.flatMap(element => {
      const name = element.nodeName as Enlightenment;
      const value = attribute(element, 'retries') ?? attribute(element, 'value') ?? '';
      const direct = name === 'stimer' && attribute(child(element, 'direct'), 'state') === 'on';
      return [[name, value] as const, ...(direct ? [['stimer_direct', ''] as const] : [])];
    }),
  );
}

/** The timer of that name. */
export function timerOf(domain: Element, name: string): Element | undefined {
  const clock = child(domain, 'clock');
  return clock && children(clock, 'timer').find(timer => attribute(timer, 'name') === name);
}

/**
 * Whether Windows gets Hyper-V's own clock; libvirt leaves it out unless it is said to be present.
 */
export function hasHypervClock(domain: Element): boolean {
  return attribute(timerOf(domain, 'hypervclock'), 'present') === 'yes';
}
