import type { Owned } from '../../callable.ts';
import { canonicalCpuList } from '../cpu/cpu-list.ts';
import type { DiskArgs, DisksArgs, DomainArgs } from './args.ts';
import { wantedIds } from './edit-threads.ts';
import { withPreset } from './pv-preset.ts';

/** The single attributes that the arguments of libvirt_domain own. */
export function domainOwns(args: DomainArgs): readonly Owned[] {
  const owned: (readonly [string, unknown])[] = [];
  if (args.iothreads !== undefined) owned.push(['I/O threads', wantedIds(args.iothreads).join()]);
  for (const [index, controller] of Object.entries(args.scsi_controllers ?? {})) {
    owned.push([`SCSI controller ${index} queues`, controller.queues]);
    owned.push([`SCSI controller ${index} I/O threads`, threadList(controller)]);
  }
  owned.push(['vCPUs max', args.vcpu?.max], ['vCPUs current', args.vcpu?.current]);
  for (const [name, value] of Object.entries(args.vcpu?.topology ?? {})) owned.push([`topology ${name}`, value]);
  const { vcpupin = {}, emulatorpin, iothreadpin = {} } = args.cputune ?? {};
  for (const [id, cpus] of Object.entries(vcpupin)) owned.push([`vCPU ${id} pin`, canonicalCpuList(cpus)]);
  for (const [id, cpus] of Object.entries(iothreadpin)) owned.push([`I/O thread ${id} pin`, canonicalCpuList(cpus)]);
  if (emulatorpin !== undefined) owned.push(['emulator pin', canonicalCpuList(emulatorpin)]);
  const { mode, nodeset } = args.numatune === false ? { mode: 'none', nodeset: [] } : (args.numatune ?? {});
  owned.push(['NUMA mode', mode], ['NUMA nodes', nodeset === undefined ? undefined : canonicalCpuList(nodeset)]);
  const { hugepages, source, nosharepages, locked } = args.memory_backing ?? {};
  if (hugepages) {
    const cells = hugepages.nodeset === undefined ? '' : ` of cells ${canonicalCpuList(hugepages.nodeset)}`;
    owned.push([`huge pages${cells}`, hugepages.size]);
  }
  owned.push(['memory source', source], ['memory nosharepages', nosharepages], ['memory locked', locked]);
  const { features, clock } = withPreset(args);
  owned.push(['x2APIC', features?.x2apic], ['PV-EOI', features?.pv_eoi], ['clock offset', clock?.offset]);
  for (const [name, value] of Object.entries(features?.hyperv ?? {})) owned.push([`Hyper-V ${name}`, value]);
  for (const [name, timer] of Object.entries(clock?.timers ?? {})) {
    owned.push([`timer ${name}`, timer && Object.values(timer).join()]);
  }
  return [...disksOwn(args), ...given(args.name, owned)];
}

/**
 * The single attributes of disks that arguments own: those of libvirt_domain, and of
 * libvirt_disk_io, whose `auto` is a value of its own.
 */
export function disksOwn({ name, disks = {} }: Pick<DisksArgs, 'disks'> & { readonly name: string }): readonly Owned[] {
  return Object.entries(disks).flatMap(([target, disk]) => {
    const { bus, drivers_present: _, iothread: _one, iothreads: _several, ...driver } = disk;
    return given(name, [
      [`disk ${target} bus`, bus],
      ...Object.entries(driver).map(([key, value]) => [`disk ${target} driver ${key}`, value] as const),
      [`disk ${target} I/O threads`, threadList(disk)],
    ]);
  });
}

function given(name: string, owned: readonly (readonly [string, unknown])[]): readonly Owned[] {
  const subject = `domain ${name}`;
  return owned.flatMap(([attribute, value]) =>
    value === undefined ? [] : [{ subject, attribute, value: String(value) }],
  );
}

function threadList({ iothread, iothreads }: Pick<DiskArgs, 'iothread' | 'iothreads'>): string | undefined {
  return (iothreads ?? (iothread === undefined ? undefined : [iothread]))?.join();
}
