import { type CpuListArgument, canonicalCpuList } from '../cpu/cpu-list.ts';
import { parseSize } from '../size.ts';
import type { CpuTuneArgs, DomainArgs, MemoryBackingArgs } from './domain-args.ts';
import { ensurePart } from './domain-element.ts';
import { bytesOf } from './memory-size.ts';
import {
  addChild,
  attribute,
  child,
  children,
  type Element,
  ensureChild,
  remove,
  removeIfEmpty,
  setAttribute,
} from './xml.ts';

/** Sets the given pins; those of other threads stay. */
export function editCpuTune(domain: Element, wanted: CpuTuneArgs): void {
  const tune = ensurePart(domain, 'cputune');
  for (const [vcpu, cpus] of Object.entries(wanted.vcpupin ?? {})) pin(tune, 'vcpupin', cpus, { vcpu });
  if (wanted.emulatorpin !== undefined) pin(tune, 'emulatorpin', wanted.emulatorpin, {});
  for (const [iothread, cpus] of Object.entries(wanted.iothreadpin ?? {})) pin(tune, 'iothreadpin', cpus, { iothread });
  removeIfEmpty(tune);
}

function pin(tune: Element, kind: string, cpus: CpuListArgument, key: Readonly<Record<string, string>>): void {
  const found = children(tune, kind).find(element =>
    Object.entries(key).every(([name, value]) => attribute(element, name) === value),
  );
  const cpuset = canonicalCpuList(cpus);
  if (!found) addChild(tune, kind, { ...key, cpuset }, ['shares', 'vcpupin', 'emulatorpin', kind]);
  else if (canonicalCpuList(attribute(found, 'cpuset') ?? '') !== cpuset) setAttribute(found, 'cpuset', cpuset);
}

/** Sets the nodes that the guest's memory comes from. */
export function editNumaTune(domain: Element, wanted: NonNullable<DomainArgs['numatune']>): void {
  if (wanted.mode === undefined && wanted.nodeset === undefined) return;
  const memory = ensureChild(ensurePart(domain, 'numatune'), 'memory', []);
  // libvirt prints `strict` where no mode is given, so that is what a fresh element means.
  const mode = wanted.mode ?? attribute(memory, 'mode') ?? 'strict';
  setAttribute(memory, 'mode', mode);
  if (wanted.nodeset === undefined) return;
  const nodeset = canonicalCpuList(wanted.nodeset);
  if (canonicalCpuList(attribute(memory, 'nodeset') ?? '') !== nodeset) setAttribute(memory, 'nodeset', nodeset);
}

/** Sets what backs the guest's memory. */
export function editMemoryBacking(domain: Element, wanted: MemoryBackingArgs): void {
  const backing = ensurePart(domain, 'memoryBacking');
  if (wanted.hugepages) editHugePages(backing, wanted.hugepages);
  for (const name of ['nosharepages', 'locked'] as const) {
    const found = child(backing, name);
    if (wanted[name] === true && !found) addChild(backing, name, {}, ['hugepages', 'nosharepages']);
    if (wanted[name] === false && found) remove(found);
  }
  const source = child(backing, 'source');
  if (wanted.source === 'hugetlbfs' && source) remove(source);
  if (wanted.source === 'memfd' && attribute(source, 'type') !== 'memfd') {
    setAttribute(source ?? addChild(backing, 'source'), 'type', 'memfd');
  }
  removeIfEmpty(backing);
}

function editHugePages(backing: Element, wanted: NonNullable<MemoryBackingArgs['hugepages']>): void {
  const size = parseSize(wanted.size)!;
  const nodeset = wanted.nodeset === undefined ? undefined : canonicalCpuList(wanted.nodeset);
  const list = ensureChild(backing, 'hugepages', []);
  const pages = children(list, 'page');
  const same = (page: Element): boolean => {
    const nodes = attribute(page, 'nodeset');
    return bytesOf(page) === size && (nodes === undefined ? undefined : canonicalCpuList(nodes)) === nodeset;
  };
  if (pages.length === 1 && same(pages[0]!)) return;
  if (nodeset !== undefined && pages.some(same)) return;
  // Without nodes the page size is that of the whole guest; with nodes it stands beside those of other nodes.
  for (const page of pages) {
    const nodes = attribute(page, 'nodeset');
    if (nodeset === undefined || nodes === undefined || canonicalCpuList(nodes) === nodeset) remove(page);
  }
  const attributes = { size: String(size / 1024), unit: 'KiB' };
  addChild(list, 'page', nodeset === undefined ? attributes : { ...attributes, nodeset });
}
