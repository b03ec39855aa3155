/**
 * Hyper-V enlightenments as libvirt names them, and what else each needs. QEMU does not start
 * without; libvirt defines a domain that lacks it all the same. `hypervclock` is a timer of the
 * clock, and `stimer_direct` stands inside `<stimer>`.
 */
export const needs = {
  relaxed: [],
  vapic: [],
  spinlocks: [],
  vpindex: [],
  runtime: [],
  synic: ['vpindex'],
  stimer: ['vpindex', 'synic', 'hypervclock'],
  stimer_direct: ['stimer'],
  reset: [],
  vendor_id: [],
  frequencies: [],
  reenlightenment: [],
  tlbflush: ['vpindex'],
  ipi: ['vpindex'],
  evmcs: ['vapic'],
  avic: [],
  emsr_bitmap: [],
  xmm_input: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Enlightenment = keyof typeof needs;

/** Which enlightenments QEMU and the kernel have for a domain. */
export interface HypervOffer {
  /** As `virsh domcapabilities` lists them; undefined where libvirt is too old to say. */
  readonly offered: readonly string[] | undefined;
  /** The host CPU's vendor; '' where it is not said. */
  readonly vendor: string;
}

/** Whether it can be had here; libvirt does not list what stands inside another. */
export function isOffered(name: string, { offered }: HypervOffer): boolean {
  return offered?.includes(name === 'stimer_direct' ? 'stimer' : name) ?? false;
}

/** What an enlightenment needs. */
export function needsOf(name: string): readonly string[] {
  return name in needs ? needs[name as Enlightenment] : [];
}
