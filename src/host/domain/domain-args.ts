import type { CpuListArgument } from '../cpu/cpu-list.ts';
import type { HypervSwitch } from './enlightenments.ts';

/** What libvirt_domain is asked for; a part that is not given is not owned. */
export interface DomainArgs {
  readonly name: string;
  readonly uri: string;
  readonly iothreads?: number | readonly number[] | undefined;
  readonly disks?: Readonly<Record<string, DiskArgs>> | undefined;
  readonly scsi_controllers?: Readonly<Record<string, ControllerArgs>> | undefined;
  readonly vcpu?: VcpuArgs | undefined;
  readonly cputune?: CpuTuneArgs | undefined;
  readonly numatune?: NumaTuneArgs | false | undefined;
  readonly memory_backing?: MemoryBackingArgs | undefined;
  readonly pv_preset?: PvPreset | undefined;
  readonly features?: FeatureArgs | undefined;
  readonly clock?: ClockArgs | undefined;
  readonly remove_legacy_dataplane: boolean;
  readonly live: boolean;
  readonly power_protected: boolean;
}

/** How many vCPUs, and how they are laid out. */
export interface VcpuArgs {
  readonly max?: number | undefined;
  readonly current?: number | undefined;
  readonly topology?: TopologyArgs | undefined;
  readonly overcommit?: boolean | undefined;
}

export interface TopologyArgs {
  readonly sockets: number;
  readonly dies?: number | undefined;
  readonly cores: number;
  readonly threads: number;
}

/** The bus of a disk, and attributes of its driver. */
export interface DiskArgs {
  readonly bus?: 'virtio' | 'scsi' | undefined;
  /** States that the guest can boot from the new bus. */
  readonly drivers_present?: boolean | undefined;
  readonly cache?: string | undefined;
  readonly io?: string | undefined;
  readonly discard?: string | undefined;
  readonly detect_zeroes?: string | undefined;
  readonly error_policy?: string | undefined;
  readonly queues?: number | undefined;
  readonly queue_size?: number | undefined;
  readonly iothread?: number | undefined;
  readonly iothreads?: readonly number[] | undefined;
}

/** Attributes of the driver of a virtio-scsi controller. */
export interface ControllerArgs {
  readonly queues?: number | undefined;
  readonly iothread?: number | undefined;
  readonly iothreads?: readonly number[] | undefined;
}

/** Which CPUs the domain's threads may run on. */
export interface CpuTuneArgs {
  readonly vcpupin?: Readonly<Record<string, CpuListArgument>> | undefined;
  readonly emulatorpin?: CpuListArgument | undefined;
  readonly iothreadpin?: Readonly<Record<string, CpuListArgument>> | undefined;
}

/** Where the guest's memory comes from. */
export interface NumaTuneArgs {
  readonly mode?: string | undefined;
  readonly nodeset?: CpuListArgument | undefined;
}

/** What backs the guest's memory. */
export interface MemoryBackingArgs {
  readonly hugepages?: { readonly size: string | number; readonly nodeset?: CpuListArgument | undefined } | undefined;
  readonly source?: 'memfd' | 'hugetlbfs' | undefined;
  readonly nosharepages?: boolean | undefined;
  readonly locked?: boolean | undefined;
}

/** What a system of this kind wants of features and clock. */
export type PvPreset = 'windows' | 'linux';

/** What the guest sees of its interrupt controller and of the hypervisor. */
export interface FeatureArgs {
  readonly x2apic?: boolean | undefined;
  readonly pv_eoi?: boolean | undefined;
  readonly hyperv?: HypervArgs | undefined;
}

/** Hyper-V enlightenments; `false` takes one out. */
export type HypervArgs = Readonly<Partial<Record<HypervSwitch, boolean | undefined>>> & {
  readonly spinlocks?: number | false | undefined;
  readonly vendor_id?: string | false | undefined;
};

/** The guest's clock; a timer that is not given is not owned. */
export interface ClockArgs {
  readonly offset?: 'utc' | 'localtime' | undefined;
  readonly timers?: TimerArgs | undefined;
}

export interface TimerArgs {
  readonly rtc?: { readonly tickpolicy: 'delay' | 'catchup' } | undefined;
  readonly pit?: { readonly tickpolicy: 'delay' | 'discard' } | undefined;
  readonly hpet?: Presence | undefined;
  readonly kvmclock?: Presence | undefined;
  readonly hypervclock?: Presence | undefined;
}

interface Presence {
  readonly present: boolean;
}
