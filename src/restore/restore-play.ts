import type { Before, Replacement } from '../journal/replaced.ts';
import { expression } from '../language/source.ts';

/** The variable with the arguments of each task, by its number and the host. */
const variable = 'restored';

/** What is to be put back. */
export interface Restoring {
  /** The id of the run that replaced it. */
  readonly run: string;
  readonly replacements: readonly Replacement[];
  /** Those of its hosts that can be reached. */
  readonly hosts: readonly string[];
  /** Whether it is put back over what was done after the run. */
  readonly changedSince: boolean;
}

/** One task of the play: what it puts back, on which hosts, as whom. */
interface Part {
  readonly key: string;
  readonly name: string;
  readonly become: Before['become'];
  readonly module: string;
  readonly hosts: Readonly<Record<string, Arguments>>;
}

type Arguments = Readonly<Record<string, unknown>>;

/**
 * A play, as data, that puts back what a run replaced, the last first. Where several tasks of the
 * run replaced the same on a host, it is put back as the first of them found it.
 */
export function restorePlay(restoring: Restoring): object {
  const parts = partsOf(restoring);
  return {
    name: `restore ${restoring.run}`,
    hosts: restoring.hosts.join(','),
    vars: { [variable]: Object.fromEntries(parts.map(({ key, hosts }) => [key, hosts])) },
    tasks: parts.toReversed().map(taskOf),
  };
}

/** The files that are too large to be kept, each with its hosts. */
export function notKept(replacements: readonly Replacement[]): readonly Pick<Replacement, 'subject' | 'hosts'>[] {
  return replacements.flatMap(({ subject, hosts }) => {
    const without = [...hosts].filter(([, { was }]) => was.kind === 'file' && was.kept === undefined);
    return without.length === 0 ? [] : [{ subject, hosts: new Map(without) }];
  });
}

function partsOf(restoring: Restoring): readonly Part[] {
  const { replacements, hosts } = restoring;
  const reachable = new Set(hosts);
  const done = new Set<string>();
  return replacements.flatMap(replacement => {
    const { subject } = replacement;
    const own = [...replacement.hosts].filter(([host]) => reachable.has(host) && !done.has(`${host} ${subject}`));
    for (const [host] of own) done.add(`${host} ${subject}`);
    const alike = Map.groupBy(own, ([, { become }]) => JSON.stringify(become));
    return [...alike.values()].flatMap((same, at) => partOf(restoring, { replacement, same, at }));
  });
}

/** Hosts on which one replacement was made as the same user. */
interface Alike {
  readonly replacement: Replacement;
  readonly same: readonly (readonly [host: string, before: Before])[];
  /** Which of the users it is, from 0. */
  readonly at: number;
}

/** What puts it back there; none where it was not kept. */
function partOf(restoring: Restoring, { replacement: { number, subject }, same, at }: Alike): readonly Part[] {
  const calls = same.flatMap(([host, before]) => {
    const call = callOf(before, restoring);
    return call ? [{ host, become: before.become, ...call }] : [];
  });
  const [first] = calls;
  if (!first) return [];
  const { become, module } = first;
  const hosts = Object.fromEntries(calls.map(({ host, args }) => [host, args]));
  return [{ key: `${number}.${at}`, name: `${number}: ${subject}`, become, module, hosts }];
}

function taskOf({ key, name, become, module, hosts }: Part): object {
  const all = new Set(Object.values(hosts).flatMap(Object.keys));
  const of = (argument: string) => expression(`${variable}[${JSON.stringify(key)}][inventory_hostname].${argument}`);
  return {
    name,
    when: `inventory_hostname in ${variable}[${JSON.stringify(key)}]`,
    become: become !== undefined,
    ...(become && { become_user: become.user, become_method: become.method }),
    [module]: Object.fromEntries([...all].map(argument => [argument, of(argument)])),
  };
}

/**
 * The module that puts something back, with its arguments, of which null are not given; undefined
 * where it was not kept.
 */
function callOf(
  { was, left }: Before,
  { run, changedSince }: Restoring,
): { readonly module: string; readonly args: Arguments } | undefined {
  const common = { run, left, changed_since: changedSince };
  switch (was.kind) {
    case 'file': {
      const { path, kept, size, mode, uid, gid, sha256 } = was;
      if (kept === undefined) return undefined;
      const file = { path, kept, size, mode, uid, gid, sha256: sha256 ?? null };
      return { module: 'restore_file', args: { ...file, ...common } };
    }
    case 'domain': {
      const { name, uri, sha256 } = was;
      return { module: 'restore_domain', args: { name, uri, sha256, ...common } };
    }
    case 'kernel parameters': {
      const { parameters, absent } = was;
      return { module: 'kernel_cmdline', args: { parameters, absent } };
    }
  }
}
