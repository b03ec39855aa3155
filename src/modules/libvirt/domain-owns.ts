import { canonicalCpuList } from '../cpu/cpu-list.ts';
import type { Owned } from '../module.ts';
import { parseSize } from '../size.ts';
import type { DomainArgs } from './domain-args.ts';
import { wantedIds } from './edit-threads.ts';

/** The single attributes that the arguments of libvirt_domain own. */
export function domainOwns(args: DomainArgs): readonly Owned[] {
  const owned: (readonly [string, unknown])[] = [];
  if (args.iothreads !== undefined) owned.push(['I/O threads', wantedIds(args.iothreads).join()]);
  for (const [target, disk] of Object.entries(args.disks ?? {})) {
    const { iothread, iothreads, ...driver } = disk;
    for (const [name, value] of Object.entries(driver)) owned.push([`disk ${target} driver ${name}`, value]);
    const threads = iothreads ?? (iothread === undefined ? undefined : [iothread]);
    owned.push([`disk ${target} I/O threads`, threads?.join()]);
  }
  owned.push(['vCPUs max', args.vcpu?.max], ['vCPUs current', args.vcpu?.current]);
  const { vcpupin = {}, emulatorpin, iothreadpin = {} } = args.cputune ?? {};
  for (const [id, cpus] of Object.entries(vcpupin)) owned.push([`vCPU ${id} pin`, canonicalCpuList(cpus)]);
  for (const [id, cpus] of Object.entries(iothreadpin)) owned.push([`I/O thread ${id} pin`, canonicalCpuList(cpus)]);
  if (emulatorpin !== undefined) owned.push(['emulator pin', canonicalCpuList(emulatorpin)]);
  const { mode, nodeset } = args.numatune ?? {};
  owned.push(['NUMA mode', mode], ['NUMA nodes', nodeset === undefined ? undefined : canonicalCpuList(nodeset)]);
  const { hugepages, source, nosharepages, locked } = args.memory_backing ?? {};
  if (hugepages) {
    const cells = hugepages.nodeset === undefined ? '' : ` of cells ${canonicalCpuList(hugepages.nodeset)}`;
    owned.push([`huge pages${cells}`, parseSize(hugepages.size)]);
  }
  owned.push(['memory source', source], ['memory nosharepages', nosharepages], ['memory locked', locked]);
  const subject = `domain ${args.name}`;
  return owned.flatMap(([attribute, value]) =>
    value === undefined ? [] : [{ subject, attribute, value: String(value) }],
  );
}
