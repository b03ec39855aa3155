import { disksOf, ioThreadIds, scsiControllers, vcpusOf } from '../../src/host/libvirt/domain-element.ts';
import { attribute, child, type Element } from '../../src/host/libvirt/xml.ts';
import { drivesOf } from '../../src/modules/libvirt_cdrom/drive.ts';
import { libvirtCdrom } from '../../src/modules/libvirt_cdrom/libvirt_cdrom.ts';
import { libvirtDomain } from '../../src/modules/libvirt_domain/libvirt_domain.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import type { OwnedPath } from './owned.ts';

/** One kind of edit, as it is put to every domain. */
export interface Edit {
  readonly kind: string;
  readonly of: AnyModule;
  /** The arguments for a domain; undefined where it has nothing of the kind. */
  readonly given: (domain: Element) => object | undefined;
  /**
   * What may differ; a function of the domain before, and of the target that the module says it
   * chose.
   */
  readonly owns: readonly OwnedPath[] | ((domain: Element, target: string) => readonly OwnedPath[]);
  /** Domains that cannot have it, and what is said. */
  readonly refuses: Readonly<Record<string, RegExp>>;
  /** At least so many domains are changed by it. */
  readonly atLeast: number;
}

const drivers = ['cache', 'io', 'discard', 'detect_zeroes', 'error_policy', 'queues', 'queue_size', 'iothread'];
const driverPaths = drivers.map(name => `devices/disk/driver/@${name}`);

/** libvirt adds a port for a new device, and tells its neighbour. */
const ports = ['devices/controller[type=pci]'];

const clockPaths = [
  ...['offset', 'adjustment', 'basis', 'timezone', 'start'].map(name => `clock/@${name}`),
  ...['rtc', 'pit', 'hpet'].map(name => `clock/timer[name=${name}]`),
];

/** All kinds of edits of all modules that edit domains. */
export const edits: readonly Edit[] = [
  {
    kind: 'one more I/O thread',
    of: libvirtDomain,
    given: domain => ({ iothreads: [...ioThreadIds(domain), 11] }),
    owns: ['iothreads', 'iothreadids'],
    refuses: {},
    atLeast: 35,
  },
  {
    kind: 'no I/O threads',
    of: libvirtDomain,
    given: () => ({ iothreads: 0 }),
    owns: ['iothreads', 'iothreadids', 'cputune/iothreadpin', 'cputune/iothreadsched'],
    refuses: {
      'fair-shares': /disk vda uses I.O thread/,
      'gpu-passthrough': /disk vda uses I.O thread/,
      hostdev: /disk vda uses I.O thread/,
      'win11-secure-boot': /disk vda uses I.O thread/,
      'many-disks': /SCSI controller 0 uses I.O thread/,
      ovirt: /SCSI controller 0 uses I.O thread/,
      'vhost-scsi': /SCSI controller 0 uses I.O thread/,
    },
    atLeast: 3,
  },
  {
    kind: 'drivers of disks',
    of: libvirtDomain,
    given: domain => {
      const targets = targetsOn(domain, 'virtio');
      const driver = {
        cache: 'none',
        io: 'native',
        discard: 'unmap',
        detect_zeroes: 'off',
        error_policy: 'stop',
        queues: 2,
      };
      return targets.length > 0
        ? {
            iothreads: [...ioThreadIds(domain), 11],
            disks: Object.fromEntries(targets.map(name => [name, { ...driver, iothread: 11 }])),
          }
        : undefined;
    },
    owns: ['iothreads', 'iothreadids', ...driverPaths],
    refuses: {
      'many-disks': /disk vdz is a rbd disk, which has no io mode/,
      'network-disks': /disk vda is a iscsi disk/,
      'nova-rbd': /disk vda is a rbd disk/,
      'nvme-passthrough': /disk vda is an NVMe device that QEMU drives by itself, which cannot have cache, io/,
      'vhost-user':
        /disk vdb is a vhost-user disk, which cannot have cache, io, discard, detect_zeroes, error_policy, iothread$/,
    },
    atLeast: 25,
  },
  {
    kind: 'queues of a vhost-user disk',
    of: libvirtDomain,
    given: domain => {
      const [target] = targetsOn(domain, 'virtio').filter(
        name => attribute(disksOf(domain).get(name), 'type') === 'vhostuser',
      );
      return target === undefined ? undefined : { disks: { [target]: { queues: 2, queue_size: 256 } } };
    },
    owns: ['devices/disk[dev=vdb]/driver/@queues', 'devices/disk[dev=vdb]/driver/@queue_size'],
    refuses: {},
    atLeast: 1,
  },
  {
    kind: 'a virtio disk to scsi',
    of: libvirtDomain,
    given: domain => moved(domain, 'virtio', 'scsi'),
    owns: domain => [
      ...movedPaths(targetsOn(domain, 'virtio')[0]),
      ...(scsiControllers(domain).size === 0 ? ['devices/controller[type=scsi]'] : []),
      ...ports,
    ],
    refuses: {
      'deep-chain': /would have disks on several buses, and boots from the first/,
      'device-zoo': /would have disks on several buses, and boots from the first/,
      'fair-shares': /would have disks on several buses, and boots from the first/,
      'forty-disks': /would have disks on several buses, and boots from the first/,
      i686: /would have disks on several buses, and boots from the first/,
      'many-disks': /would have disks on several buses, and boots from the first/,
      'network-disks': /would have disks on several buses, and boots from the first/,
      'nvme-passthrough': /an NVMe device that QEMU drives by itself, which cannot have bus/,
    },
    atLeast: 20,
  },
  {
    kind: 'a SATA or IDE disk to virtio',
    of: libvirtDomain,
    given: domain => moved(domain, 'sata', 'virtio') ?? moved(domain, 'ide', 'virtio'),
    owns: domain => [...movedPaths(targetsOn(domain, 'sata')[0] ?? targetsOn(domain, 'ide')[0]), ...ports],
    refuses: { 'virtio-transitional': /disk sda cannot join vda on virtio/ },
    atLeast: 2,
  },
  {
    kind: 'a new virtio-scsi controller',
    of: libvirtDomain,
    given: domain => ({ scsi_controllers: { [scsiControllers(domain).size]: { queues: 2 } } }),
    owns: domain => [`devices/controller[type=scsi][index=${scsiControllers(domain).size}]`, ...ports],
    refuses: {},
    atLeast: 35,
  },
  {
    kind: 'queues of the first SCSI controller',
    of: libvirtDomain,
    given: domain => (scsiControllers(domain).has('0') ? { scsi_controllers: { 0: { queues: 3 } } } : undefined),
    owns: ['devices/controller[type=scsi]/driver/@queues'],
    refuses: {},
    atLeast: 4,
  },
  {
    kind: 'more vCPUs and their layout',
    of: libvirtDomain,
    given: domain => {
      const max = vcpusOf(domain).max * 2;
      return { vcpu: { max, topology: { sockets: 1, cores: max, threads: 1 }, overcommit: true } };
    },
    owns: ['vcpu', 'cpu/topology'],
    refuses: {
      numa: /has NUMA cells for/,
      ovirt: /has NUMA cells for/,
      'persistent-memory': /has NUMA cells for/,
      'vhost-user': /has NUMA cells for/,
      'numa-hotplug': /switches single vCPUs/,
    },
    atLeast: 30,
  },
  {
    kind: 'fewer vCPUs at the start',
    of: libvirtDomain,
    given: () => ({ vcpu: { current: 1 } }),
    owns: ['vcpu/@current'],
    refuses: { 'numa-hotplug': /switches single vCPUs/ },
    atLeast: 30,
  },
  {
    kind: 'pins',
    of: libvirtDomain,
    given: domain => {
      const [first] = ioThreadIds(domain);
      return {
        cputune: {
          vcpupin: { 0: '0-1' },
          emulatorpin: '0-1',
          ...(first !== undefined && { iothreadpin: { [first]: '0-1' } }),
        },
      };
    },
    owns: domain => [
      'cputune/vcpupin[vcpu=0]',
      'cputune/emulatorpin',
      `cputune/iothreadpin[iothread=${ioThreadIds(domain)[0]}]`,
    ],
    refuses: {},
    atLeast: 35,
  },
  {
    kind: 'NUMA nodes',
    of: libvirtDomain,
    given: () => ({ numatune: { mode: 'preferred', nodeset: 0 } }),
    owns: ['numatune/memory'],
    refuses: {},
    atLeast: 35,
  },
  {
    kind: 'huge pages',
    of: libvirtDomain,
    given: () => ({ memory_backing: { hugepages: { size: '2M' }, source: 'memfd', nosharepages: true, locked: true } }),
    owns: ['memoryBacking/hugepages', 'memoryBacking/source', 'memoryBacking/nosharepages', 'memoryBacking/locked'],
    refuses: {},
    atLeast: 35,
  },
  {
    kind: 'memory that is as any other',
    of: libvirtDomain,
    given: () => ({ memory_backing: { source: 'hugetlbfs', nosharepages: false, locked: false } }),
    owns: ['memoryBacking/source', 'memoryBacking/nosharepages', 'memoryBacking/locked'],
    refuses: {},
    atLeast: 5,
  },
  {
    kind: 'dead data-plane arguments',
    of: libvirtDomain,
    given: () => ({ remove_legacy_dataplane: true }),
    owns: [
      'qemu:commandline/qemu:arg[value=-set]',
      ...[
        'virtio-disk0.scsi=off',
        'virtio-disk0.config-wce=off',
        'virtio-disk0.x-data-plane=on',
        'ua-root.x-data-plane=on',
      ].map(value => `qemu:commandline/qemu:arg[value=device.${value}]`),
    ],
    refuses: {},
    atLeast: 2,
  },
  {
    kind: 'features',
    of: libvirtDomain,
    given: () => ({ features: { x2apic: true, pv_eoi: true, hyperv: { spinlocks: 4096, vendor_id: 'KVM Hv' } } }),
    owns: [
      'features/apic',
      'features/hyperv/spinlocks',
      'features/hyperv/vendor_id',
      'features/hyperv/@mode',
      'cpu/feature[name=x2apic]',
    ],
    refuses: {},
    atLeast: 35,
  },
  {
    kind: 'features taken away',
    of: libvirtDomain,
    given: () => ({
      features: { x2apic: false, pv_eoi: false, hyperv: { relaxed: false, vapic: false, spinlocks: false } },
    }),
    owns: [
      'features/apic',
      ...['relaxed', 'vapic', 'spinlocks', '@mode'].map(name => `features/hyperv/${name}`),
      'cpu/feature[name=x2apic]',
    ],
    refuses: {},
    atLeast: 35,
  },
  {
    kind: 'the preset for Linux',
    of: libvirtDomain,
    given: () => ({ pv_preset: 'linux' }),
    owns: clockPaths,
    refuses: {},
    atLeast: 30,
  },
  {
    kind: 'clock',
    of: libvirtDomain,
    given: () => ({
      clock: {
        offset: 'localtime',
        timers: {
          rtc: { tickpolicy: 'catchup' },
          pit: { tickpolicy: 'discard' },
          hpet: { present: false },
          kvmclock: { present: true },
        },
      },
    }),
    owns: [...clockPaths, 'clock/timer[name=kvmclock]'],
    refuses: {},
    atLeast: 35,
  },
  {
    kind: 'the preset for Windows',
    of: libvirtDomain,
    given: () => ({ pv_preset: 'windows' }),
    owns: [...clockPaths, 'features/hyperv/spinlocks', 'features/hyperv/@mode'],
    refuses: {},
    atLeast: 35,
  },
  {
    kind: 'an image in a drive',
    of: libvirtCdrom,
    given: () => ({ source: '/var/lib/libvirt/images/new one.iso', state: 'attached' }),
    owns: (domain, target) =>
      disksOf(domain).has(target)
        ? mediaPaths(target)
        : [`devices/disk[dev=${target}]`, 'devices/controller[type=sata]', 'devices/controller[type=ide]', ...ports],
    refuses: {},
    atLeast: 35,
  },
  {
    kind: 'another image in the first drive',
    of: libvirtCdrom,
    given: domain => {
      const drive = firstDrive(domain, 'attached');
      return drive && { ...drive, source: '/var/lib/libvirt/images/other.iso' };
    },
    owns: (_, target) => mediaPaths(target),
    refuses: {},
    atLeast: 8,
  },
  {
    kind: 'no image in the first drive',
    of: libvirtCdrom,
    given: domain => firstDrive(domain, 'ejected'),
    owns: (_, target) => mediaPaths(target),
    refuses: {},
    atLeast: 5,
  },
  {
    kind: 'the first drive taken out',
    of: libvirtCdrom,
    given: domain => firstDrive(domain, 'absent'),
    owns: domain => [`devices/disk[dev=${drivesOf(domain)[0]?.target}]`],
    refuses: {},
    atLeast: 5,
  },
];

function targetsOn(domain: Element, bus: string): readonly string[] {
  return [...disksOf(domain)]
    .filter(([, disk]) => attribute(child(disk, 'target'), 'bus') === bus && attribute(disk, 'device') === 'disk')
    .map(([target]) => target);
}

function movedPaths(target: string | undefined): readonly OwnedPath[] {
  const disk = `devices/disk[dev=${target}]`;
  const blk = ['queues', 'queue_size', 'iothread', 'ioeventfd', 'event_idx', 'iommu', 'ats', 'packed'];
  return [`${disk}/target/@bus`, `${disk}/address`, `${disk}/@model`, ...blk.map(name => `${disk}/driver/@${name}`)];
}

function moved(domain: Element, from: string, bus: string): object | undefined {
  const [target] = targetsOn(domain, from);
  return target === undefined ? undefined : { disks: { [target]: { bus, drivers_present: true } } };
}

function mediaPaths(target: string): readonly OwnedPath[] {
  return ['@type', 'source', 'auth', 'driver/@type'].map(part => `devices/disk[dev=${target}]/${part}`);
}

function firstDrive(domain: Element, state: string): object | undefined {
  const [drive] = drivesOf(domain);
  return drive && { state, target: drive.target };
}
