import type { NumberedEvent, TaskName, TaskResult } from '../events/event.ts';
import type { EventReader } from '../events/stream.ts';
import type { RoleAdvice } from '../language/parse/read-advice.ts';
import type { Advice, Cost, Finding, HostAdvice } from './advice.ts';
import { parametersVariable } from './check-play.ts';

/** What the events have said of a role on a host so far. */
interface Tried {
  parameters: Readonly<Record<string, unknown>>;
  readonly findings: Finding[];
  readonly notes: string[];
  refusal: string | undefined;
}

interface Host {
  readonly tried: Map<string, Tried>;
  readonly waits: string[];
  /** Names of its guests. */
  readonly guests: Set<string>;
  failure: string | undefined;
  /** The role whose tasks run. */
  now: string | undefined;
  /** Tasks whose items have said it all. */
  readonly looped: Set<string>;
}

/** Reads the events of a {@link checkPlay} into what is to be advised, by host. */
export function collectAdvice(roles: readonly RoleAdvice[]): { read: EventReader; hosts: () => readonly HostAdvice[] } {
  const names = new Set(roles.map(({ role }) => role));
  const hosts = new Map<string, Host>();
  const hostOf = (name: string): Host => {
    const known = hosts.get(name) ?? {
      tried: new Map(),
      waits: [],
      guests: new Set<string>(),
      failure: undefined,
      now: undefined,
      looped: new Set<string>(),
    };
    hosts.set(name, known);
    return known;
  };
  return {
    read: event => {
      if ('host' in event && event.host !== undefined) readEvent(event, hostOf(event.host), names);
    },
    hosts: () => [...hosts].map(([name, host]) => adviceOf(name, host, roles)),
  };
}

function readEvent(event: NumberedEvent, host: Host, names: ReadonlySet<string>): void {
  switch (event.type) {
    case 'host.unreachable':
    case 'host.failed':
      host.failure = event.message;
      break;
    case 'task.finished':
      if (event.task.module === 'set_fact' && names.has(event.task.name) && event.task.role === undefined)
        begin(event, host);
      else if (event.task.role === undefined) readOwn(event.result, host);
      else if (!host.looped.has(event.task.id)) readTask(event.task, event.result, undefined, host);
      break;
    case 'item.finished':
      host.looped.add(event.task.id);
      if (event.task.role !== undefined) readTask(event.task, event.result, event.item, host);
      break;
    default:
  }
}

function begin({ task, result }: { task: TaskName; result: TaskResult }, host: Host): void {
  host.now = task.name;
  if (result.status === 'skipped') return;
  const parameters = (result.fields[parametersVariable] ?? {}) as Readonly<Record<string, unknown>>;
  const refusal = result.status === 'failed' ? sentence(result) : undefined;
  host.tried.set(task.name, { parameters, findings: [], notes: [], refusal });
}

/** A task of the play itself: the look at the guests. */
function readOwn(result: TaskResult, host: Host): void {
  host.waits.push(...result.pending.map(({ reason }) => reason));
  const { guests = [] } = result.fields as { guests?: readonly { readonly name: string }[] };
  for (const { name } of guests) host.guests.add(name);
  if (result.status === 'failed') host.failure ??= `the guests cannot be looked at: ${sentence(result)}`;
}

function readTask(task: TaskName, result: TaskResult, item: string | undefined, host: Host): void {
  const tried = host.now === undefined ? undefined : host.tried.get(host.now);
  if (!tried || task.handler) return;
  if (result.status === 'failed') tried.refusal ??= sentence(result);
  else if (task.module === 'debug' && result.status === 'ok') tried.notes.push(...result.message.split('\n'));
  else if (result.status === 'changed' || result.status === 'unknown') {
    tried.findings.push({
      ...about(item, result, host),
      task: task.name,
      message: result.message,
      cost: costOf(result),
      diff: result.diff,
    });
  }
}

/** A loop over guests has their names as labels, and the diff of a guest begins with its name. */
function about(item: string | undefined, { diff }: TaskResult, { guests }: Host): Pick<Finding, 'guest'> {
  const guest = diff.flatMap(({ subject }) => /^domain (.+)$/.exec(subject)?.[1] ?? [])[0];
  return { guest: guest ?? (item !== undefined && guests.has(item) ? item : undefined) };
}

function costOf({ status, pending }: TaskResult): Cost {
  if (pending.some(({ kind }) => kind === 'reboot')) return 'host reboot';
  if (pending.some(({ kind }) => kind === 'guest-restart')) return 'guest restart';
  return status === 'unknown' ? 'unknown' : 'online';
}

function sentence({ message, hint }: TaskResult): string {
  return hint === undefined ? message : `${message}. ${hint}`;
}

function adviceOf(name: string, { failure, tried, waits }: Host, roles: readonly RoleAdvice[]): HostAdvice {
  const all = roles.flatMap(role => {
    const found = tried.get(role.role);
    return found ? [{ role, ...found } satisfies Advice] : [];
  });
  const advice = all.filter(({ findings, refusal }) => findings.length > 0 || refusal !== undefined);
  const settled = all.filter(one => !advice.includes(one)).map(({ role }) => role.role);
  return Object.freeze({ host: name, failure, advice, settled, waits });
}
