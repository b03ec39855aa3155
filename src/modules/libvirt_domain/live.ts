import { canonicalCpuList } from '../../host/cpu/cpu-list.ts';
import type { CpuTuneArgs, DomainArgs } from '../../host/domain/args.ts';
import { editIoThreads, wantedIds } from '../../host/domain/edit-threads.ts';
import { editVcpus } from '../../host/domain/edit-vcpus.ts';
import { ioThreadIds, vcpusOf } from '../../host/libvirt/domain-element.ts';
import { virsh } from '../../host/libvirt/virsh.ts';
import { attribute, child, children, type Element } from '../../host/libvirt/xml.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { editCpuTune } from './edit-tuning.ts';

type Pins = NonNullable<CpuTuneArgs['vcpupin']>;

/** One thing that a running domain takes at once. */
export interface LiveStep {
  /** `vCPU 0 on CPUs 2-3`. */
  readonly what: string;
  readonly command: ShellText;
}

/**
 * What of the arguments a running domain can take without a restart and does not have yet: vCPUs
 * and I/O threads that are added, and pins.
 */
export function liveSteps(running: Element, args: DomainArgs): readonly LiveStep[] {
  const call = virsh(args.uri);
  const domain = sh`--domain ${args.name} --live`;
  const added = addedThreads(running, args);
  const tune = livePins(running, args);
  const pinned = (kind: string, key?: string, id?: string): string | undefined => {
    const pins = children(child(running, 'cputune') ?? running, kind);
    const found = pins.find(pin => key === undefined || attribute(pin, key) === id);
    return found && canonicalCpuList(attribute(found, 'cpuset') ?? '');
  };
  const differing = (given: Pins | undefined, kind: string, key: string) =>
    Object.entries(given ?? {})
      .map(([id, cpus]) => ({ id, cpus: canonicalCpuList(cpus) }))
      .filter(({ id, cpus }) => pinned(kind, key, id) !== cpus);
  const emulator = tune.emulatorpin === undefined ? undefined : canonicalCpuList(tune.emulatorpin);
  const more = moreVcpus(running, args);
  return [
    ...(more === undefined ? [] : [{ what: `${more} vCPUs`, command: sh`${call} setvcpus ${domain} --count ${more}` }]),
    ...added.map(id => ({ what: `I/O thread ${id}`, command: sh`${call} iothreadadd ${domain} --id ${id}` })),
    ...differing(tune.vcpupin, 'vcpupin', 'vcpu').map(({ id, cpus }) => ({
      what: `vCPU ${id} on CPUs ${cpus}`,
      command: sh`${call} vcpupin ${domain} --vcpu ${id} --cpulist ${cpus}`,
    })),
    ...(emulator === undefined || pinned('emulatorpin') === emulator
      ? []
      : [{ what: `emulator on CPUs ${emulator}`, command: sh`${call} emulatorpin ${domain} --cpulist ${emulator}` }]),
    ...differing(tune.iothreadpin, 'iothreadpin', 'iothread').map(({ id, cpus }) => ({
      what: `I/O thread ${id} on CPUs ${cpus}`,
      command: sh`${call} iothreadpin ${domain} --iothread ${id} --cpulist ${cpus}`,
    })),
  ];
}

/**
 * The number of vCPUs that the running domain can grow to at once; undefined where it has them, or
 * cannot.
 */
function moreVcpus(running: Element, { vcpu }: DomainArgs): number | undefined {
  const { max, current } = vcpusOf(running);
  const wanted = vcpu?.current;
  return wanted !== undefined && wanted > current && wanted <= max ? wanted : undefined;
}

/** The I/O threads that the running domain is given at once. */
function addedThreads(running: Element, { iothreads }: DomainArgs): readonly number[] {
  const has = ioThreadIds(running);
  return iothreads === undefined ? [] : wantedIds(iothreads).filter(id => !has.includes(id));
}

/**
 * The pins of threads that the running domain has, or is given; those of others wait until it is
 * started with its definition.
 */
function livePins(running: Element, args: DomainArgs): CpuTuneArgs {
  const { vcpupin, emulatorpin, iothreadpin } = args.cputune ?? {};
  const { max } = vcpusOf(running);
  const threads = [...ioThreadIds(running), ...addedThreads(running, args)];
  return {
    ...(vcpupin && { vcpupin: pinsOf(vcpupin, id => id < max) }),
    ...(emulatorpin !== undefined && { emulatorpin }),
    ...(iothreadpin && { iothreadpin: pinsOf(iothreadpin, id => threads.includes(id)) }),
  };
}

function pinsOf(pins: Pins, runs: (id: number) => boolean): Pins {
  return Object.fromEntries(Object.entries(pins).filter(([id]) => runs(Number(id))));
}

/** Changes a copy of the running document as the {@link liveSteps} change the domain. */
export function editLive(running: Element, args: DomainArgs): void {
  const more = moreVcpus(running, args);
  const pins = livePins(running, args);
  if (more !== undefined) editVcpus(running, { current: more });
  if (args.iothreads !== undefined) editIoThreads(running, [...ioThreadIds(running), ...wantedIds(args.iothreads)]);
  if (args.cputune) editCpuTune(running, pins);
}
