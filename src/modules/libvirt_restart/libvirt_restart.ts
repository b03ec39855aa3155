import { change, type Decision, type Ok, ok } from '../../decision.ts';
import { sameDefinition } from '../../host/libvirt/define.ts';
import { domainOf } from '../../host/libvirt/domain-element.ts';
import { type DomainState, domainMissing, namedDomains } from '../../host/libvirt/domain-state.ts';
import { type Kept, keptDefinitions } from '../../host/libvirt/kept.ts';
import { pendingRestart } from '../../host/libvirt/pending-restart.ts';
import { pages } from '../../host/memory/pages.ts';
import { all, later, map, type Seen } from '../../shell/look.ts';
import { script } from '../../shell/script.ts';
import { type Context, defineModule } from '../module.ts';
import { cannotRestart } from './cannot-restart.ts';
import { sameMachine } from './machine.ts';
import { notAsDefined } from './not-as-defined.ts';
import { restartSection, startable } from './restart-domain.ts';
import { type Args, args, examples, returns } from './schema.ts';

type RestartState = Seen<ReturnType<typeof guestsToRestart>>;

/** Shuts guests down and starts them, so that their definitions take effect. */
export const libvirtRestart = defineModule({
  name: 'libvirt_restart',
  summary: 'Guests shut down and started, where their definition waits for it.',
  description: `Power-cycles domains whose running document differs from their definition, one after
the other: the definition is translated by QEMU first, its disks, networks and boot files are looked
for and its huge pages are counted; then the guest is asked to shut down, and started once it is
off. A guest that does not shut down in time is left running and the task fails; nothing is ever
destroyed.

If the guest does not start, it is started again with the kept definition that it ran with: one that
has the same disks, interfaces, memory and boot devices as the guest that was shut down. Where none
is kept the guest stays off. The task fails either way, and the definition that did not start is
kept.

As a handler with \`if: pending\` it runs only with \`--allow guest-restart\`; else the condition
is in the recap.`,
  args,
  returns,
  examples,
  settles: 'guest-restart',
  look: guestsToRestart,
  decide,
});

/** The domains that are named, or wait for a restart as far as this run has seen. */
function guestsToRestart(args: Args, context: Context) {
  const names = namesOf(args, context);
  const looks = all({ domains: namedDomains(names, args.uri), pages, kept: later(keptDefinitions(names)) });
  return map(looks, ({ domains: { found, names }, kept, pages }) => ({
    names,
    domains: found,
    pages,
    /** Kept definitions by domain, the newest first. */
    kept: new Map(found.map(({ name }) => [name, kept()(name)])),
  }));
}

function namesOf(args: Args, context: Context): readonly string[] {
  const waiting = context.pending
    .filter(({ kind }) => kind === 'guest-restart')
    .flatMap(({ subject }) => subject ?? []);
  return [...new Set(args.domains ?? waiting)];
}

function decide(args: Args, state: RestartState): Decision<RestartState> {
  const missing = args.domains?.find(name => !state.names.includes(name));
  if (missing !== undefined) return domainMissing(missing, state.names);
  const waiting = state.domains.flatMap(domain =>
    pendingRestart(domain.name, domainOf(domain.inactive), domain.live && domainOf(domain.live)).map(pending => ({
      domain,
      pending,
    })),
  );
  if (waiting.length === 0) return nothingWaits(state.domains);
  const domains = waiting.map(({ domain }) => domain);
  const standing = waiting.map(({ pending }) => pending);
  const refusal = cannotRestart(state.pages, domains);
  if (refusal) return { ...refusal, standing };
  const names = domains.map(({ name }) => name);
  const checks = domains.map((domain, index) => [`start${index}`, startable(domain, args.uri)] as const);
  const sections = domains.map((domain, index) => {
    const before = state.kept.get(domain.name)?.find(({ definition }) => ranBefore(domain, definition));
    return [`restart${index}`, restartSection(domain, args, before?.file)] as const;
  });
  const guards = domains.map((domain, index) => [`guard${index}`, sameDefinition(domain, args.uri)] as const);
  return change(`${names.join(', ')} ${names.length === 1 ? 'waits' : 'wait'} for a restart`, {
    diff: waiting.map(({ domain, pending }) => ({
      subject: `domain ${domain.name}`,
      before: `${pending.reason}\n`,
      after: 'runs as defined\n',
    })),
    guard: script(Object.fromEntries(guards)),
    rehearse: script(Object.fromEntries(checks)),
    apply: script(Object.fromEntries(sections), { limit: names.length * (args.timeout + 300) }),
    hazards: names.map(name => ({
      hazard: 'guest-restart',
      subject: `domain ${name}`,
      because: `${name} is shut down and started`,
    })),
    alters: names.map(name => ({ kind: 'domain', name })),
    verify: { proves: after => notAsDefined(domains, after.domains) },
    standing,
    result: { restarted: names },
  });
}

/**
 * A guest with a saved image is off: it comes back with what it ran with, and waits for a restart
 * only then.
 */
function nothingWaits(domains: readonly DomainState[]): Ok {
  const pending = domains.flatMap(({ inactive, name, saved }) =>
    pendingRestart(name, domainOf(inactive), saved && domainOf(saved)),
  );
  const names = pending.map(({ subject }) => subject).join(', ');
  const reason =
    pending.length === 0
      ? 'no guest waits for a restart'
      : `no guest that runs waits for a restart; ${names} would come back from a saved image with ` +
        `what it had: start it first`;
  return ok(reason, { pending, result: { restarted: [] } });
}

function ranBefore({ live }: DomainState, definition: Kept['definition']): boolean {
  return live !== undefined && sameMachine(domainOf(definition), domainOf(live));
}
