import { type HypervOffer, isOffered, needsOf } from '../libvirt/enlightenments.ts';
import { attribute, type Element } from '../libvirt/xml.ts';
import type { ClockArgs, DomainArgs, HypervArgs, PvPreset } from './args.ts';

interface Preset {
  readonly hyperv: HypervArgs;
  readonly clock: ClockArgs;
}

const steady = { rtc: { tickpolicy: 'catchup' }, pit: { tickpolicy: 'delay' }, hpet: { present: false } } as const;

/**
 * What each kind of system wants. Left out for Windows is what hinders migration (reenlightenment),
 * or needs a certain CPU (avic, evmcs).
 */
const presets: Readonly<Record<PvPreset, Preset>> = {
  windows: {
    hyperv: {
      relaxed: true,
      vapic: true,
      spinlocks: 8191,
      vpindex: true,
      runtime: true,
      synic: true,
      stimer: true,
      stimer_direct: true,
      reset: true,
      frequencies: true,
      tlbflush: true,
      ipi: true,
    },
    clock: { offset: 'localtime', timers: { ...steady, hypervclock: { present: true } } },
  },
  linux: { hyperv: {}, clock: { offset: 'utc', timers: steady } },
};

/** Arguments with what the preset gives; what is given with it comes first. */
export function withPreset<T extends Pick<DomainArgs, 'pv_preset' | 'features' | 'clock'>>(args: T): T {
  const preset = args.pv_preset && presets[args.pv_preset];
  if (!preset) return args;
  const { features, clock } = args;
  const hyperv = { ...preset.hyperv, ...given(features?.hyperv) };
  return {
    ...args,
    features: { ...features, ...(Object.keys(hyperv).length > 0 ? { hyperv } : {}) },
    clock: {
      offset: clock?.offset ?? preset.clock.offset,
      timers: { ...preset.clock.timers, ...given(clock?.timers) },
    },
  };
}

/**
 * {@link withPreset} without what this host does not offer, and the names of that. What was asked
 * for by name stays, and is left to the rules.
 */
export function fitPreset(
  args: DomainArgs,
  domain: Element,
  offer: HypervOffer | undefined,
): { args: DomainArgs; leftOut: readonly string[] } {
  const preset = args.pv_preset && presets[args.pv_preset];
  if (!preset || !offer) return { args: withPreset(args), leftOut: [] };
  const all = withPreset(args);
  const hyperv: Record<string, unknown> = { ...all.features?.hyperv };
  const timers = { ...all.clock?.timers };
  const leftOut: string[] = [];
  if (args.clock?.timers?.hypervclock === undefined && attribute(domain, 'type') !== 'kvm') {
    delete timers.hypervclock;
    leftOut.push('hypervclock');
  }
  const has = (name: string): boolean =>
    name === 'hypervclock' ? timers.hypervclock?.present === true : Boolean(hyperv[name]);
  const free = Object.keys(preset.hyperv).filter(name => given(args.features?.hyperv)[name] === undefined);
  // In the order of the list everything stands behind what it needs.
  for (const name of free) {
    if (isOffered(name, offer) && needsOf(name).every(has)) continue;
    delete hyperv[name];
    leftOut.push(name);
  }
  return { args: { ...all, features: { ...all.features, hyperv }, clock: { ...all.clock, timers } }, leftOut };
}

function given(values: object | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined));
}
