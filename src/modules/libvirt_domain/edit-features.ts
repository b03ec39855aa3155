import type { FeatureArgs, HypervArgs } from '../../host/domain/args.ts';
import { ensurePart } from '../../host/libvirt/domain-element.ts';
import { isFromHost, x2apicFeature, x2apicOf } from '../../host/libvirt/guest-features.ts';
import {
  addChild,
  at,
  child,
  children,
  type Element,
  ensureChild,
  remove,
  setAttribute,
} from '../../host/libvirt/xml.ts';

/** Sets what is given of the features; enlightenments and CPU features that are not named stay. */
export function editFeatures(domain: Element, wanted: FeatureArgs): void {
  if (wanted.x2apic !== undefined) editX2apic(domain, wanted.x2apic);
  if (wanted.pv_eoi !== undefined) {
    const apic = ensureChild(ensurePart(domain, 'features'), 'apic', ['acpi']);
    setAttribute(apic, 'eoi', wanted.pv_eoi ? 'on' : 'off');
  }
  if (wanted.hyperv) editHyperv(domain, wanted.hyperv);
}

/**
 * A CPU that is the host's has it anyway; a domain without a CPU model cannot have a feature, and
 * is left to the rules.
 */
function editX2apic(domain: Element, on: boolean): void {
  const cpu = child(domain, 'cpu');
  const feature = x2apicFeature(domain);
  if (!cpu || x2apicOf(domain) === on || (on && !feature && isFromHost(cpu))) return;
  const policy = on ? 'require' : 'disable';
  if (feature) setAttribute(feature, 'policy', policy);
  else if (child(cpu, 'model') || isFromHost(cpu)) {
    const before = ['model', 'vendor', 'maxphysaddr', 'topology', 'cache', 'feature'];
    addChild(cpu, 'feature', { policy, name: 'x2apic' }, before);
  }
}

function editHyperv(domain: Element, wanted: HypervArgs): void {
  const { stimer_direct: direct, ...plain } = wanted;
  for (const [name, value] of Object.entries(plain)) {
    if (value === undefined) continue;
    const found = at(domain, 'features', 'hyperv', name);
    if (value !== false) turnOn(ensurePart(domain, 'features'), name, value);
    else if (found) remove(found);
  }
  const hyperv = at(domain, 'features', 'hyperv');
  const stimer = child(hyperv, 'stimer');
  if (stimer && direct === true) setAttribute(ensureChild(stimer, 'direct', []), 'state', 'on');
  if (stimer && direct === false) for (const element of children(stimer, 'direct')) remove(element);
  if (hyperv && children(hyperv).length === 0) remove(hyperv);
}

function turnOn(features: Element, name: string, value: true | number | string): void {
  const hyperv = child(features, 'hyperv') ?? addChild(features, 'hyperv', { mode: 'custom' }, ['acpi', 'apic', 'pae']);
  const element = ensureChild(hyperv, name);
  setAttribute(element, 'state', 'on');
  if (name === 'spinlocks') setAttribute(element, 'retries', String(value));
  if (name === 'vendor_id') setAttribute(element, 'value', String(value));
}
