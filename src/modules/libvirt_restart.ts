import { join, raw, type ShellText, sh } from '../shell/quote.ts';
import { script } from '../shell/script.ts';
import { definitionGuard } from './libvirt/define.ts';
import { domainOf } from './libvirt/domain-element.ts';
import { type DomainState, domainMissing, domainsSection, readDomains, unchangeable } from './libvirt/domain-state.ts';
import { bytesOf } from './libvirt/memory-size.ts';
import { pendingRestart } from './libvirt/pending-restart.ts';
import { domainName, uriSchema, virsh } from './libvirt/virsh.ts';
import { at, attribute, child } from './libvirt/xml.ts';
import { type Pages, pageSections, readPages } from './memory/pages.ts';
import { type Context, type Decision, defineModule, type Refuse } from './module.ts';

interface State {
  readonly names: readonly string[];
  readonly domains: readonly DomainState[];
  readonly pages: Pages;
}

interface Args {
  readonly domains?: readonly string[] | undefined;
  readonly timeout: number;
  readonly uri: string;
}

const backups = '/var/lib/hostwright/backup';

/** Shuts guests down and starts them, so that their definitions take effect. */
export const libvirtRestart = defineModule({
  name: 'libvirt_restart',
  summary: 'Guests shut down and started, where their definition waits for it.',
  description: `Power-cycles domains whose running document differs from their definition, one after the other: the definition is translated by QEMU first and
its huge pages are counted, then the guest is asked to shut down, and started once it is off. A guest that does not shut down in time is left running and the
task fails; nothing is ever destroyed. If the guest does not start, the kept definitions are tried, newest first, so that it runs again, and the task fails.

As a handler with \`if: pending\` it runs only with \`--allow guest-restart\`; else the condition stands in the recap.`,
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      domains: {
        type: 'array',
        items: domainName,
        description: 'Domains; absent: those that this run knows to be waiting.',
      },
      timeout: {
        type: 'integer',
        minimum: 1,
        maximum: 86400,
        default: 300,
        description: 'Seconds for a guest to shut down.',
      },
      uri: uriSchema,
    },
  },
  returns: {
    type: 'object',
    properties: { restarted: { type: 'array', items: { type: 'string' }, description: 'Names of the domains.' } },
  },
  examples: [
    `- name: Restart guests whose definition has changed
  libvirt_restart:
    if: pending
`,
  ],
  settles: 'guest-restart',
  probe: (args, context) => script({ ...domainsSection(namesOf(args, context), args.uri), ...pageSections }),
  read: (answer, args, context): State => {
    const { names, found } = readDomains(answer, namesOf(args, context));
    return { names, domains: found, pages: readPages(answer) };
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
  if (waiting.length === 0) return { kind: 'ok', reason: 'no guest waits for a restart', result: { restarted: [] } };
  const refusal = waiting.map(({ domain }) => cannotRestart(domain, state.pages)).find(found => found !== undefined);
  if (refusal) return refusal;
  const names = waiting.map(({ domain }) => domain.name);
  const sections = waiting.map(({ domain }, index) => [`restart${index}`, restart(domain, args)] as const);
  const guards = waiting.map(({ domain }) => definitionGuard(domain, args.uri).sections[0]!);
  return {
    kind: 'change',
    reason: `${names.join(', ')} ${names.length === 1 ? 'waits' : 'wait'} for a restart`,
    diff: waiting.map(({ domain, pending }) => ({
      subject: `domain ${domain.name}`,
      before: `${pending.reason}\n`,
      after: 'runs as defined\n',
    })),
    guard: { sections: guards.map((guard, index) => ({ ...guard, name: `guard${index}` })) },
    apply: script(Object.fromEntries(sections), { limit: names.length * (args.timeout + 300) }),
    hazards: waiting.map(({ domain }) => ({
      hazard: 'guest-restart',
      subject: `domain ${domain.name}`,
      because: `${domain.name} is shut down and started`,
    })),
    alters: names.map(name => ({ kind: 'domain', name })),
    result: { restarted: names },
  };
}

function cannotRestart(domain: DomainState, pages: Pages): Refuse | undefined {
  if (domain.state !== 'running') {
    return {
      kind: 'refuse',
      message: `domain ${domain.name} is ${domain.state}`,
      advice: 'A guest that does not run cannot shut itself down: resume it first.',
    };
  }
  const refusal = unchangeable(domain);
  if (refusal) return refusal;
  const wanted = domainOf(domain.inactive);
  const page = at(wanted, 'memoryBacking', 'hugepages', 'page');
  const size = bytesOf(page);
  // Pages for some of the guest's cells only, or of the default size, are left to the start itself.
  if (size === undefined || attribute(page, 'nodeset') !== undefined) return undefined;
  const running = bytesOf(at(domainOf(domain.live!), 'memoryBacking', 'hugepages', 'page')) === size;
  const need = (bytesOf(child(wanted, 'memory')) ?? 0) / size;
  const free = pages.nodes.reduce((sum, node) => sum + (node.pools.get(size)?.free ?? 0), 0) + (running ? need : 0);
  if (need <= free) return undefined;
  return {
    kind: 'refuse',
    message: `domain ${domain.name} would need ${need} huge pages, and ${free} are free: it would not start again`,
    advice:
      'Make more with hugepages (a reboot may be pending), or give the guest less memory. It has not been shut down.',
  };
}

function restart(domain: DomainState, args: Args): ShellText {
  const call = virsh(args.uri);
  const { name } = domain;
  return join([
    sh`${call} domxml-to-native qemu-argv --domain ${name} >/dev/null || { echo ${`the definition of ${name} cannot be started; it has not been shut down`} >&2; exit 1; }`,
    sh`${call} shutdown --domain ${name} --mode agent,acpi || exit 1`,
    sh`waited=0; until [ "$(${call} domstate --domain ${name})" = 'shut off' ]; do`,
    sh`  if [ "$waited" -ge ${args.timeout} ]; then echo ${`${name} did not shut down within ${args.timeout} s, and still runs`} >&2; exit 1; fi`,
    raw('  waited=$((waited + 1)); sleep 1'),
    raw('done'),
    sh`${call} start --domain ${name} && exit 0`,
    sh`folder=${`${backups}/${name}`}; for old in $(ls -1r "$folder" 2>/dev/null); do`,
    sh`  ${call} define "$folder/$old" && ${call} start --domain ${name} && { echo ${`${name} did not start, and runs with the older definition`} "$old" >&2; exit 1; }`,
    raw('done'),
    sh`echo ${`${name} is off and does not start`} >&2; exit 1`,
  ]);
}
