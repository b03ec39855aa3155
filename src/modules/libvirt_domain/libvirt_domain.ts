import { change, type Decision, type HazardNotice, ok, refuse } from '../../decision.ts';
import type { DomainArgs } from '../../host/domain/args.ts';
import { checkDisks } from '../../host/domain/check-disks.ts';
import { editIoThreads } from '../../host/domain/edit-threads.ts';
import { editTopology, editVcpus } from '../../host/domain/edit-vcpus.ts';
import type { HostLimits } from '../../host/domain/host-limits.ts';
import { domainOwns } from '../../host/domain/owns.ts';
import { fitPreset } from '../../host/domain/pv-preset.ts';
import { illegal } from '../../host/domain/rules.ts';
import { readStorage, storageSection } from '../../host/domain/storage.ts';
import { readUring, uringSections } from '../../host/domain/uring.ts';
import { mayHaveUring, ruleUringDisks, type UringHost } from '../../host/domain/uring-rule.ts';
import {
  candidatePut,
  copyOf,
  defineSections,
  definitionGuard,
  shownXml,
  undoDefine,
} from '../../host/libvirt/define.ts';
import { domainOf, ioThreadIds, vcpusOf } from '../../host/libvirt/domain-element.ts';
import {
  type DomainState,
  domainMissing,
  domainsSection,
  readDomains,
  unchangeable,
} from '../../host/libvirt/domain-state.ts';
import { differingParts } from '../../host/libvirt/managed.ts';
import { pendingRestart } from '../../host/libvirt/pending-restart.ts';
import type { Document } from '../../host/libvirt/xml.ts';
import type { ShellText } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { editClock } from './edit-clock.ts';
import { editScsiControllers } from './edit-controllers.ts';
import { editDisks } from './edit-disks.ts';
import { editFeatures } from './edit-features.ts';
import { removeLegacyDataplane } from './edit-legacy.ts';
import { editCpuTune, editMemoryBacking, editNumaTune } from './edit-tuning.ts';
import { limitSections, readLimits } from './host-limits.ts';
import { asksForHyperv, offerSection, readOffer } from './hyperv-offer.ts';
import { editLive, liveSteps } from './live.ts';
import { args, examples, returns } from './schema.ts';

interface State {
  readonly names: readonly string[];
  /** undefined where there is no domain of that name. */
  readonly domain: DomainState | undefined;
  readonly host: HostLimits | undefined;
  /** undefined where no named disk can have io_uring. */
  readonly uring: UringHost | undefined;
}

/**
 * Parts of a domain: I/O threads, disks, SCSI controllers, vCPUs, pins, memory, features, clock.
 */
export const libvirtDomain = defineModule({
  name: 'libvirt_domain',
  summary:
    "Parts of a domain's definition: I/O threads, disks, SCSI controllers, vCPUs, pins, memory, features, clock.",
  description: `Owns the parts that are given, and nothing else: metadata, QEMU arguments, comments
that libvirt keeps, devices and addresses stay. The definition is read whole, edited as a document,
validated by libvirt and read again; if libvirt dropped something, the old one is defined again.
The last ten definitions are kept in /var/lib/hostwright/backup/DOMAIN.

A definition takes effect when the domain is shut down and started; until then the task announces
\`guest-restart\` as pending (a reboot inside the guest is not enough). With \`live: true\` a
running domain gets pins, added vCPUs and added I/O threads at once.

Hyper-V enlightenments are asked for by name or with \`pv_preset: windows\`, never with \`<hyperv
mode='passthrough'>\`: what the guest gets would depend on the host, and it could not be migrated.
A host offers what \`virsh domcapabilities\` lists; another one that is asked for by name is
refused. So is an enlightenment without what it needs: libvirt would define it, and QEMU would not
start.`,
  args,
  returns,
  examples,
  problems: checkDisks,
  owns: domainOwns,
  probe: args =>
    script({
      ...domainsSection([args.name], args.uri),
      ...limitSections,
      ...(asksForHyperv(args) ? offerSection(args.name, args.uri) : {}),
      ...askedUring(args),
    }),
  read: (answer, args): State => {
    const { names, found } = readDomains(answer, [args.name]);
    if (!found[0]) return { names, domain: undefined, host: undefined, uring: undefined };
    const hyperv = asksForHyperv(args) ? readOffer(answer) : undefined;
    return { names, domain: found[0], host: { ...readLimits(answer), hyperv }, uring: readUringHost(answer, args) };
  },
  decide,
});

function uringDisks({ disks = {} }: DomainArgs): readonly string[] {
  return Object.keys(disks).filter(target => mayHaveUring(disks[target]!));
}

function askedUring(args: DomainArgs): Readonly<Record<string, ShellText>> {
  const targets = uringDisks(args);
  if (targets.length === 0) return {};
  return { storage: storageSection(args.name, targets, args.uri), ...uringSections(args.uri) };
}

/** @throws CannotTell */
function readUringHost(answer: Answer, args: DomainArgs): UringHost | undefined {
  return uringDisks(args).length === 0 ? undefined : { storage: readStorage(answer), uring: readUring(answer) };
}

function decide(given: DomainArgs, state: State): Decision<State> {
  const { domain, host } = state;
  if (!domain || !host) return domainMissing(given.name, state.names);
  const { args, leftOut } = fitPreset(given, domainOf(domain.inactive), host.hyperv);
  const edited = copyOf(domain.inactive);
  edit(edited, args);
  const [old, wanted] = [domainOf(domain.inactive), domainOf(edited)];
  const parts = differingParts(wanted, old);
  const steps = args.live && domain.live ? liveSteps(domainOf(domain.live), args) : [];
  const problem = illegal(wanted, args, host, old);
  if (problem) return refuse(`domain ${args.name} ${problem.message}`, problem.advice);
  const ruling = state.uring ? ruleUringDisks(wanted, args.disks ?? {}, state.uring) : { risks: [] };
  if ('message' in ruling) return refuse(`domain ${args.name} ${ruling.message}`, ruling.advice);
  const live = domain.live && copyOf(domain.live);
  if (live && args.live) editLive(domainOf(live), args);
  const runs = live ?? domain.saved;
  const pending = pendingRestart(args.name, wanted, runs && domainOf(runs));
  const result = { state: domain.state, iothreads: ioThreadIds(wanted), vcpus: vcpusOf(wanted), left_out: leftOut };
  const without = leftOut.length === 0 ? [] : [`not offered here: ${leftOut.join(', ')}`];
  const notes = [...without, ...ruling.risks].map(note => `; ${note}`).join('');
  if (parts.length === 0 && steps.length === 0) {
    const reason =
      pending.length === 0 ? 'is defined so already' : 'is defined so already, and waits for a restart of the guest';
    return ok(reason + notes, { pending, result });
  }
  const refusal = parts.length > 0 ? unchangeable(domain) : undefined;
  if (refusal) return refusal;
  const sections = steps.map(({ command }, at) => [`live${at}`, command] as const);
  return change(
    [
      ...(parts.length > 0 ? [`definition: ${parts.join(', ')}`] : []),
      ...(steps.length > 0 ? ['running domain'] : []),
    ].join('; ') + notes,
    {
      diff: diffOf(
        args,
        domain,
        edited,
        steps.map(step => step.what),
      ),
      ...(parts.length > 0 ? { puts: [candidatePut(domain, edited)], undo: undoDefine(domain, args.uri) } : {}),
      guard: definitionGuard(domain, args.uri),
      apply: script({ ...(parts.length > 0 ? defineSections(domain, args.uri) : {}), ...Object.fromEntries(sections) }),
      hazards: hazardsOf(args, parts),
      alters: [{ kind: 'domain', name: args.name }],
      pending,
      result,
    },
  );
}

function edit(document: Document, args: DomainArgs): void {
  const domain = domainOf(document);
  if (args.remove_legacy_dataplane) removeLegacyDataplane(domain);
  if (args.vcpu) editVcpus(domain, args.vcpu);
  if (args.vcpu?.topology) editTopology(domain, args.vcpu.topology);
  if (args.iothreads !== undefined) editIoThreads(domain, args.iothreads);
  if (args.scsi_controllers) editScsiControllers(domain, args.scsi_controllers);
  if (args.disks) editDisks(domain, args.disks);
  if (args.cputune) editCpuTune(domain, args.cputune);
  if (args.numatune !== undefined) editNumaTune(domain, args.numatune);
  if (args.memory_backing) editMemoryBacking(domain, args.memory_backing);
  if (args.features) editFeatures(domain, args.features);
  if (args.clock) editClock(domain, args.clock);
}

function diffOf(args: DomainArgs, domain: DomainState, edited: Document, steps: readonly string[]) {
  const definition = { subject: `domain ${args.name}`, before: shownXml(domain.inactive), after: shownXml(edited) };
  const running = {
    subject: `domain ${args.name}, running`,
    before: '',
    after: steps.map(step => `${step}\n`).join(''),
  };
  return [...(definition.before === definition.after ? [] : [definition]), ...(steps.length > 0 ? [running] : [])];
}

function hazardsOf(args: DomainArgs, parts: readonly string[]): readonly HazardNotice[] {
  const unsafe = Object.entries(args.disks ?? {}).filter(
    ([target, disk]) => disk.cache === 'unsafe' && parts.includes(`disk ${target}`),
  );
  return unsafe.map(([target]) => ({
    hazard: 'data-loss',
    subject: `domain ${args.name} disk ${target}`,
    because: 'cache=unsafe ignores what the guest flushes: a crash of the host corrupts its file systems',
  }));
}
