import type { HypervOffer } from '../libvirt/enlightenments.ts';

/** What a host has, which libvirt does not check when a domain is defined. */
export interface HostLimits {
  /** CPUs that are online and that machines may use. */
  readonly cpus: readonly number[];
  /** NUMA nodes that are online. */
  readonly nodes: readonly number[];
  /** Sizes of huge pages that the kernel has, in bytes. */
  readonly pageSizes: readonly number[];
  /** undefined where enlightenments were not asked for. */
  readonly hyperv?: HypervOffer | undefined;
}
