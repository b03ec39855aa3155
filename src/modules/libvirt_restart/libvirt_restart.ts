import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { formatCpuList } from '../../host/cpu/cpu-list.ts';
import { definitionGuard } from '../../host/libvirt/define.ts';
import { domainOf } from '../../host/libvirt/domain-element.ts';
import {
  type DomainState,
  domainMissing,
  domainsSection,
  readDomains,
  unchangeable,
} from '../../host/libvirt/domain-state.ts';
import { type Kept, keptSection, readKept } from '../../host/libvirt/kept.ts';
import { pendingRestart } from '../../host/libvirt/pending-restart.ts';
import { type Pages, pageSections, readPages } from '../../host/memory/pages.ts';
import { script } from '../../shell/script.ts';
import { type Context, defineModule } from '../module.ts';
import { firstLack } from './free-pages.ts';
import { sameMachine } from './machine.ts';
import { restartSection, startable } from './restart-domain.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State {
  readonly names: readonly string[];
  readonly domains: readonly DomainState[];
  readonly pages: Pages;
  /** Kept definitions by domain, the newest first. */
  readonly kept: ReadonlyMap<string, readonly Kept[]>;
}

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
  probe: (args, context) => {
    const names = namesOf(args, context);
    return script({ ...domainsSection(names, args.uri), ...pageSections, ...keptSection(names) });
  },
  read: (answer, args, context): State => {
    const { names, found } = readDomains(answer, namesOf(args, context));
    const kept = new Map(found.map(({ name }) => [name, readKept(answer, name)]));
    return { names, domains: found, pages: readPages(answer), kept };
  },
  decide,
});

function namesOf(args: Args, context: Context): readonly string[] {
  const waiting = context.pending
    .filter(({ kind }) => kind === 'guest-restart')
    .flatMap(({ subject }) => subject ?? []);
  return [...new Set(args.domains ?? waiting)];
}

function decide(args: Args, state: State): Decision<State> {
  const missing = args.domains?.find(name => !state.names.includes(name));
  if (missing !== undefined) return domainMissing(missing, state.names);
  const waiting = state.domains.flatMap(domain =>
    pendingRestart(domain.name, domainOf(domain.inactive), domain.live && domainOf(domain.live)).map(pending => ({
      domain,
      pending,
    })),
  );
  if (waiting.length === 0) return nothingWaits(state);
  const domains = waiting.map(({ domain }) => domain);
  const standing = waiting.map(({ pending }) => pending);
  const refusal = domains.map(cannotRestart).find(found => found !== undefined) ?? lacksPages(state, domains);
  if (refusal) return { ...refusal, standing };
  const names = waiting.map(({ domain }) => domain.name);
  const checks = waiting.map(({ domain }, index) => [`start${index}`, startable(domain, args.uri)] as const);
  const sections = waiting.map(({ domain }, index) => {
    const before = state.kept.get(domain.name)?.find(({ definition }) => ranBefore(domain, definition));
    return [`restart${index}`, restartSection(domain, args, before?.file)] as const;
  });
  const guards = waiting.map(({ domain }) => definitionGuard(domain, args.uri).sections[0]!);
  return change(`${names.join(', ')} ${names.length === 1 ? 'waits' : 'wait'} for a restart`, {
    diff: waiting.map(({ domain, pending }) => ({
      subject: `domain ${domain.name}`,
      before: `${pending.reason}\n`,
      after: 'runs as defined\n',
    })),
    guard: { sections: guards.map((guard, index) => ({ ...guard, name: `guard${index}` })) },
    rehearse: script(Object.fromEntries(checks)),
    apply: script(Object.fromEntries(sections), { limit: names.length * (args.timeout + 300) }),
    hazards: waiting.map(({ domain }) => ({
      hazard: 'guest-restart',
      subject: `domain ${domain.name}`,
      because: `${domain.name} is shut down and started`,
    })),
    alters: names.map(name => ({ kind: 'domain', name })),
    verify: { proves: after => notAsDefined(domains, after) },
    standing,
    result: { restarted: names },
  });
}

/**
 * A guest with a saved image is off: it comes back with what it ran with, and waits for a restart
 * only then.
 */
function nothingWaits({ domains }: State): Decision<State> {
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

/** What does not run with the definition that it was to be started with. */
function notAsDefined(before: readonly DomainState[], after: State): string | undefined {
  for (const { name, inactive } of before) {
    const now = after.domains.find(domain => domain.name === name);
    if (now?.state !== 'running') return `${name} is ${now?.state ?? 'gone'}`;
    // A start may fill in what the definition leaves open, so that its text is another one.
    if (!sameMachine(domainOf(inactive), domainOf(now.inactive))) return `${name} has another definition`;
    const waits = pendingRestart(name, domainOf(now.inactive), now.live && domainOf(now.live));
    if (waits[0]) return `${name} still waits for a restart: ${waits[0].reason}`;
  }
  return undefined;
}

function cannotRestart(domain: DomainState): Refuse | undefined {
  if (domain.state !== 'running') {
    return refuse(
      `domain ${domain.name} is ${domain.state}`,
      'A guest that does not run cannot shut itself down: resume it first.',
    );
  }
  return unchangeable(domain);
}

function lacksPages({ pages }: State, waiting: readonly DomainState[]): Refuse | undefined {
  const lack = firstLack(
    pages,
    waiting.flatMap(({ name, inactive, live }) =>
      live ? [{ name, running: domainOf(live), definition: domainOf(inactive) }] : [],
    ),
  );
  if (!lack) return undefined;
  const { name, need, free, nodes } = lack;
  const where = nodes ? ` on node ${formatCpuList(nodes)}` : '';
  const first = waiting[0]?.name === name ? '' : ' once those before it are started';
  return refuse(
    `domain ${name} would need ${need} huge pages${where}, and ${free} are free${first}: it would not start again`,
    'Make more with hugepages (a reboot may be pending), or give the guest less memory. It has not been shut down.',
  );
}
