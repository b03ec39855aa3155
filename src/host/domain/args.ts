import type { ArgsOf } from '../../callable.ts';
import type { diskSchema, domainSchema } from './schema.ts';

/** What libvirt_domain is asked for; a part that is not given is not owned. */
export type DomainArgs = ArgsOf<typeof domainSchema>;

/** How many vCPUs, and how they are laid out. */
export type VcpuArgs = NonNullable<DomainArgs['vcpu']>;

/** Sockets, dies, cores and threads of the guest's CPU. */
export type TopologyArgs = NonNullable<VcpuArgs['topology']>;

/** The bus of a disk, and attributes of its driver. */
export type DiskArgs = ArgsOf<typeof diskSchema>;

/** The same for libvirt_disk_io, which resolves `auto`. */
export type DiskWish = Omit<DiskArgs, 'io' | 'discard'> & {
  readonly io?: DiskArgs['io'] | 'auto';
  readonly discard?: DiskArgs['discard'] | 'auto';
};

/** Disks by target, and what else matters for what is checked of them. */
export interface DisksArgs extends Pick<DomainArgs, 'scsi_controllers' | 'power_protected'> {
  readonly disks?: Readonly<Record<string, DiskWish>>;
}

/** Attributes of the driver of a virtio-scsi controller. */
export type ControllerArgs = NonNullable<DomainArgs['scsi_controllers']>[string];

/** Which CPUs the domain's threads may run on. */
export type CpuTuneArgs = NonNullable<DomainArgs['cputune']>;

/** Where the guest's memory comes from. */
export type NumaTuneArgs = Exclude<NonNullable<DomainArgs['numatune']>, false>;

/** What backs the guest's memory. */
export type MemoryBackingArgs = NonNullable<DomainArgs['memory_backing']>;

/** What a system of this kind wants of features and clock. */
export type PvPreset = NonNullable<DomainArgs['pv_preset']>;

/** What the guest sees of its interrupt controller and of the hypervisor. */
export type FeatureArgs = NonNullable<DomainArgs['features']>;

/** Hyper-V enlightenments; `false` takes one out. */
export type HypervArgs = NonNullable<FeatureArgs['hyperv']>;

/** The guest's clock; a timer that is not given is not owned. */
export type ClockArgs = NonNullable<DomainArgs['clock']>;
