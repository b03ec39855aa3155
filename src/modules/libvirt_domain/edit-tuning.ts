import { type CpuListArgument, canonicalCpuList, formatCpuList, parseCpuList } from '../../host/cpu/cpu-list.ts';
import type { CpuTuneArgs, MemoryBackingArgs, NumaTuneArgs } from '../../host/domain/args.ts';
import { ensurePart } from '../../host/libvirt/domain-element.ts';
import { bytesOf } from '../../host/libvirt/memory-size.ts';
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
} from '../../host/libvirt/xml.ts';

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

/**
 * Sets the nodes that the guest's memory comes from; false takes them out. Those of single cells
 * stay.
 */
export function editNumaTune(domain: Element, wanted: NumaTuneArgs | false): void {
  const tune = child(domain, 'numatune');
  const memory = child(tune, 'memory');
  if (wanted === false) {
    // libvirt writes this one itself where numad places the vCPUs.
    if (memory && attribute(memory, 'placement') !== 'auto') remove(memory);
    removeIfEmpty(tune);
    return;
  }
  if (wanted.mode === undefined && wanted.nodeset === undefined) return;
  const element = memory ?? addChild(tune ?? ensurePart(domain, 'numatune'), 'memory', {}, []);
  // libvirt prints `strict` where no mode is given, so that is what a fresh element means.
  setAttribute(element, 'mode', wanted.mode ?? attribute(element, 'mode') ?? 'strict');
  if (wanted.nodeset === undefined) return;
  const nodeset = canonicalCpuList(wanted.nodeset);
  if (canonicalCpuList(attribute(element, 'nodeset') ?? '') !== nodeset) setAttribute(element, 'nodeset', nodeset);
  // Nodes that numad chooses and nodes that are given rule each other out.
  setAttribute(element, 'placement', undefined);
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
  const { size } = wanted;
  const list = ensureChild(backing, 'hugepages', []);
  if (wanted.nodeset === undefined) editDefaultPages(list, size);
  else editCellPages(list, size, parseCpuList(wanted.nodeset) ?? []);
}

/** All memory of the guest has this page size. */
function editDefaultPages(list: Element, size: number): void {
  const pages = children(list, 'page');
  const [only] = pages;
  if (only && pages.length === 1 && bytesOf(only) === size && attribute(only, 'nodeset') === undefined) return;
  for (const page of pages) remove(page);
  addChild(list, 'page', pageAttributes(size));
}

/**
 * These cells have this page size: they are taken out of other entries. An entry without cells is
 * for those that no entry names, and stays.
 */
function editCellPages(list: Element, size: number, cells: readonly number[]): void {
  const nodeset = formatCpuList(cells);
  const cellsOfPage = (page: Element) => parseCpuList(attribute(page, 'nodeset') ?? '') ?? [];
  const named = children(list, 'page').filter(page => attribute(page, 'nodeset') !== undefined);
  if (named.some(page => bytesOf(page) === size && formatCpuList(cellsOfPage(page)) === nodeset)) return;
  for (const page of named) {
    const kept = cellsOfPage(page).filter(cell => !cells.includes(cell));
    if (kept.length === 0) remove(page);
    else if (kept.length < cellsOfPage(page).length) setAttribute(page, 'nodeset', formatCpuList(kept));
  }
  addChild(list, 'page', { ...pageAttributes(size), nodeset });
}

function pageAttributes(size: number): { size: string; unit: string } {
  return { size: String(size / 1024), unit: 'KiB' };
}
