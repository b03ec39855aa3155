import { change, type Decision, ok, refuse } from '../../decision.ts';
import type { DomainArgs } from '../../host/domain/args.ts';
import { checkDisks } from '../../host/domain/check-disks.ts';
import { domainOwns } from '../../host/domain/owns.ts';
import { fitPreset } from '../../host/domain/pv-preset.ts';
import { illegal } from '../../host/domain/rules.ts';
import { unsafeDisks } from '../../host/domain/unsafe-disks.ts';
import { ruleUringDisks } from '../../host/domain/uring-rule.ts';
import { copyOf, defineSections, redefining, sameDefinition } from '../../host/libvirt/define.ts';
import { domainOf, ioThreadIds, vcpusOf } from '../../host/libvirt/domain-element.ts';
import { unchangeable } from '../../host/libvirt/domain-state.ts';
import { leaving } from '../../host/libvirt/foretold.ts';
import { differingParts } from '../../host/libvirt/managed.ts';
import { pendingRestart } from '../../host/libvirt/pending-restart.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { diffOf } from './describe.ts';
import { type DomainOnHost, domainOnHost } from './domain-on-host.ts';
import { editDomain } from './edit-domain.ts';
import { editLive, liveSteps } from './live.ts';
import { args, examples, returns } from './schema.ts';

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
  look: domainOnHost,
  decide,
});

function decide(given: DomainArgs, state: DomainOnHost): Decision<DomainOnHost> {
  if ('kind' in state) return state;
  const { domain, host } = state;
  const { args, leftOut } = fitPreset(given, domainOf(domain.inactive), host.hyperv);
  const edited = copyOf(domain.inactive);
  const [old, wanted] = [domainOf(domain.inactive), domainOf(edited)];
  editDomain(wanted, args);
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
  const stored = parts.length > 0;
  if (!stored && steps.length === 0) {
    const reason =
      pending.length === 0 ? 'is defined so already' : 'is defined so already, and waits for a restart of the guest';
    return ok(reason + notes, { pending, result: { ...result, definition: domain.hash } });
  }
  const refusal = stored && unchangeable(domain);
  if (refusal) return refusal;
  const redefined = stored ? redefining(domain, edited, args.uri) : undefined;
  const sections = steps.map(({ command }, at) => [`live${at}`, command] as const);
  return change(
    [...(stored ? [`definition: ${parts.join(', ')}`] : []), ...(steps.length > 0 ? ['running domain'] : [])].join(
      '; ',
    ) + notes,
    {
      diff: diffOf(args.name, { before: domain.inactive, after: edited, steps }),
      ...redefined,
      leaves: { ...redefined?.leaves, ...(steps.length > 0 && leaving(args, { running: live })) },
      guard: script({ guard: sameDefinition(domain, args.uri) }),
      apply: script({ ...(stored && defineSections(domain, args.uri)), ...Object.fromEntries(sections) }),
      hazards: unsafeDisks(args.name, old, wanted),
      alters: [{ kind: 'domain', name: args.name }],
      pending,
      result,
    },
  );
}
