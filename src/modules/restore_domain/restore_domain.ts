import { change, type Decision, ok, type Refuse } from '../../decision.ts';
import { unsafeDisks } from '../../host/domain/unsafe-disks.ts';
import { defineSections, redefining, sameDefinition, shownXml } from '../../host/libvirt/define.ts';
import { domainOf } from '../../host/libvirt/domain-element.ts';
import { type DomainState, domainState, unchangeable } from '../../host/libvirt/domain-state.ts';
import { type Kept, keptDefinitions } from '../../host/libvirt/kept.ts';
import { pendingRestart } from '../../host/libvirt/pending-restart.ts';
import { refuseChanged, refuseUnkept } from '../../host/restore/refuse.ts';
import { all } from '../../shell/look.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

/** The domain, and what the host keeps of it. */
interface State {
  readonly domain: DomainState | Refuse;
  readonly kept: (name: string) => readonly Kept[];
}

/** A domain's definition as it was before a run changed it. */
export const restoreDomain = defineModule({
  name: 'restore_domain',
  summary: "A domain's definition as it was before a run changed it.",
  description: `Defines a domain again as a recorded run found it. \`hostwright restore\` makes these
tasks from the journal of a run; you need not write them. The last ten definitions of each
domain are kept in /var/lib/hostwright/backup/DOMAIN. What is defined now must be what the run left,
unless \`changed_since\` is given. A running domain keeps what it has until it is shut down and
started; until then the task announces \`guest-restart\` as pending.`,
  args,
  returns,
  examples,
  owns: ({ name }) => [{ subject: `domain ${name}`, attribute: 'definition', value: 'as it was' }],
  look: ({ name, uri }) => all({ domain: domainState(name, uri), kept: keptDefinitions([name]) }),
  decide,
});

function decide({ name, uri, run, sha256, left, changed_since }: Args, { domain, kept }: State): Decision<State> {
  if ('kind' in domain) return domain;
  const { inactive, hash } = domain;
  const result = { definition: hash };
  if (hash === sha256)
    return ok(`is as it was before the run ${run}`, { pending: pendingOf(domain, inactive), result });
  const what = `the definition of ${name}`;
  if (!changed_since && !left.includes(hash)) return refuseChanged(what, run, left.length > 0);
  const before = kept(name).find(one => one.sha256 === sha256)?.definition;
  if (!before) return refuseUnkept(what, run);
  const refusal = unchangeable(domain);
  if (refusal) return refusal;
  return change('definition differs', {
    diff: [{ subject: `domain ${name}`, before: shownXml(inactive), after: shownXml(before) }],
    ...redefining(domain, before, uri),
    guard: script({ guard: sameDefinition(domain, uri) }),
    apply: script(defineSections(domain, uri)),
    hazards: unsafeDisks(name, domainOf(inactive), domainOf(before)),
    alters: [{ kind: 'domain', name }],
    pending: pendingOf(domain, before),
  });
}

/** What a domain that runs, or is saved, would still have of another definition. */
function pendingOf({ name, live, saved }: DomainState, wanted: DomainState['inactive']) {
  const runs = live ?? saved;
  return pendingRestart(name, domainOf(wanted), runs && domainOf(runs));
}
