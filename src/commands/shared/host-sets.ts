import { readFileSync } from 'node:fs';
import { exitCodes, HostwrightError, messageOf } from '../../errors.ts';
import type { HostSet, HostSets } from '../../inventory/host-sets.ts';
import { setNamesIn } from '../../inventory/host-sets.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { findRun } from '../../journal/find-run.ts';
import { stateFolder } from '../../journal/folder.ts';
import { hostStates, hostsIn } from '../../journal/host-set.ts';
import { sumUp } from '../../journal/summary.ts';
import { suggest } from '../../language/suggest.ts';
import { foldNames } from '../../reporters/host-names.ts';
import { printable } from '../../reporters/printable.ts';
import type { SettingFlags } from '../settings/table.ts';

/**
 * Reads the host sets that patterns name: `@RUN:STATE` from the journal, `@-` from standard input,
 * `@FILE` from a file.
 * @throws HostwrightError where one of them is not there, or names no host
 */
export async function readHostSets(
  patterns: readonly string[],
  { state }: Pick<SettingFlags, 'state'>,
): Promise<HostSets> {
  const names = new Set(patterns.flatMap(setNamesIn));
  const sets = new Map<string, HostSet>();
  for (const name of names) {
    const [, run, which] = /^([^:]+):(.+)$/.exec(name) ?? [];
    const isRun = run !== undefined && which !== undefined && !run.includes('/');
    sets.set(name, isRun ? await hostsOfRun(stateFolder(state), run, which) : { patterns: linesOf(name) });
  }
  return sets;
}

/**
 * The hosts of sets that an inventory does not have, in a line; undefined if it has all of them.
 */
export function strangersIn(sets: HostSets, { hosts }: Inventory): string | undefined {
  const lines = [...sets].flatMap(([name, set]) => {
    const missing = 'hosts' in set ? set.hosts.filter(host => !hosts.has(host) && host !== 'localhost') : [];
    return missing.length === 0 ? [] : [`@${name} has hosts that the inventory does not have: ${foldNames(missing)}`];
  });
  return lines.length === 0 ? undefined : printable(lines.join('; '));
}

async function hostsOfRun(folder: string, run: string, state: string): Promise<HostSet> {
  const id = findRun(folder, run);
  const hosts = hostsIn(await sumUp(folder, id), state);
  if (!hosts) throw usage(`@${run}:${state}: "${state}" is not a state of hosts.`, stateHint(state));
  if (hosts.length > 0) return { hosts };
  throw usage(`@${run}:${state}: the run ${id} has no host that is ${state}.`, `See "hostwright history ${id}".`);
}

function stateHint(state: string): string {
  return suggest(state, hostStates) ?? `States are ${hostStates.join(', ')}, and pending=KIND.`;
}

/** The patterns of a file, of which each line has one. */
function linesOf(file: string): string {
  const lines = textOf(file)
    .split('\n')
    .map(line => line.replace(/#.*$/, '').trim())
    .filter(line => line !== '');
  if (lines.length === 0) throw usage(`${file === '-' ? 'Standard input' : `The file ${file}`} names no host.`);
  return lines.join('\n');
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw usage(`The file ${file} cannot be read: ${messageOf(error)}`);
    const retry = 'Hostwright writes no such file: -l @last:unfinished names the hosts that are left.';
    const run = `If a run is meant, name a state too: @${file}:unfinished.`;
    throw usage(`The file ${file} does not exist.`, file.endsWith('.retry') ? retry : run);
  }
}

function usage(message: string, hint?: string): HostwrightError {
  return new HostwrightError('pattern.set', message, {
    exitCode: exitCodes.usage,
    ...(hint === undefined ? {} : { hint }),
  });
}
