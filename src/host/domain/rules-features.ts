import { archOf } from '../libvirt/domain-element.ts';
import { type HypervOffer, isOffered, needsOf } from '../libvirt/enlightenments.ts';
import { hasHypervClock, hypervMode, hypervOf, isFromHost, x2apicOf } from '../libvirt/guest-features.ts';
import { child, type Element } from '../libvirt/xml.ts';
import type { DomainArgs } from './args.ts';
import type { HostLimits } from './host-limits.ts';
import type { Illegal } from './illegal.ts';

/**
 * What the guest cannot have of features and clock; libvirt defines most of it, and QEMU then does
 * not start.
 */
export function featureRules(domain: Element, args: DomainArgs, host: HostLimits): Illegal | undefined {
  const { features, clock } = args;
  const arch = archOf(domain);
  if ((features || clock?.timers) && !['x86_64', 'i686'].includes(arch)) {
    return {
      message: `is of the architecture ${arch || '(unset)'}, which has neither x2APIC nor Hyper-V nor these timers`,
      advice: 'Give features and clock.timers for x86 guests only.',
    };
  }
  return x2apicRule(domain, args) ?? hypervRules(domain, args, host.hyperv);
}

function x2apicRule(domain: Element, { features }: DomainArgs): Illegal | undefined {
  const on = features?.x2apic;
  if (on === undefined || x2apicOf(domain) === on || (on && isFromHost(child(domain, 'cpu')))) return undefined;
  return {
    message: `has no CPU model, so x2APIC cannot be ${on ? 'required' : 'disabled'}`,
    advice: "Give it one by hand first: <cpu mode='host-model'/> or <cpu mode='host-passthrough'/>.",
  };
}

function hypervRules(domain: Element, args: DomainArgs, offer: HypervOffer | undefined): Illegal | undefined {
  const wanted = Object.entries(args.features?.hyperv ?? {}).filter(([, value]) => value !== undefined);
  const mode = hypervMode(domain);
  if (mode !== 'custom') {
    if (wanted.length === 0) return undefined;
    const effect = 'takes its enlightenments from the host and reads none that are listed';
    return {
      message: `has <hyperv mode='${mode}'>, which ${effect}`,
      advice:
        "It keeps the guest from being migrated. Set mode='custom' by hand first (virsh edit), or leave hyperv out.",
    };
  }
  const asked = wanted.filter(([, value]) => value !== false).map(([name]) => name);
  return (offer && offerRule(asked, offer)) ?? needsRule(domain, args);
}

function offerRule(asked: readonly string[], offer: HypervOffer): Illegal | undefined {
  const missing = asked.filter(name => !isOffered(name, offer));
  if (missing.length === 0) return undefined;
  if (offer.offered === undefined) {
    return {
      message: `would have the enlightenments ${missing.join(', ')}, and this libvirt does not say which there are`,
      advice: 'virsh domcapabilities lists them from libvirt 7.10 on.',
    };
  }
  const intel =
    missing.includes('evmcs') && offer.vendor !== 'Intel'
      ? ` evmcs is for Intel CPUs, and this one is ${offer.vendor || 'of an unknown vendor'}.`
      : '';
  return {
    message:
      `would have the ${missing.length === 1 ? 'enlightenment' : 'enlightenments'} ` +
      `${missing.join(', ')}, which this host does not offer`,
    advice: `virsh domcapabilities lists ${offer.offered.join(', ') || 'none'}.${intel}`,
  };
}

/**
 * Only where the arguments have to do with it: a combination that was there before is its owner's.
 */
function needsRule(domain: Element, { features, clock }: DomainArgs): Illegal | undefined {
  const named = new Set([
    ...Object.keys(features?.hyperv ?? {}),
    ...(clock?.timers?.hypervclock === undefined ? [] : ['hypervclock']),
  ]);
  const on = hypervOf(domain);
  const has = (name: string): boolean =>
    name === 'hypervclock' ? hasHypervClock(domain) : [...on.keys()].some(one => one === name);
  for (const name of on.keys()) {
    const missing = needsOf(name).filter(need => !has(need) && (named.has(name) || named.has(need)));
    if (missing.length === 0) continue;
    const how = missing.map(need =>
      need === 'hypervclock' ? 'clock: {timers: {hypervclock: {present: true}}}' : `hyperv: {${need}: true}`,
    );
    return {
      message: `would have the enlightenment ${name} without ${missing.join(', ')}, and QEMU would not start`,
      advice: `Give ${how.join(' and ')} too, or pv_preset: windows, which gives all that belongs together.`,
    };
  }
  return undefined;
}
