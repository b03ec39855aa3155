import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RunStart } from '../events/run-start.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { soundInventory } from '../inventory/read-inventory.ts';
import { UnusableRun } from '../journal/errors.ts';
import { findRealRun } from '../journal/find-run.ts';
import { stateFolder } from '../journal/folder.ts';
import { type Replacement, readReplaced } from '../journal/replaced.ts';
import { startOf } from '../journal/start.ts';
import { foldNames } from '../reporters/host-names.ts';
import { runCommand } from '../reporters/outcome.ts';
import { printable } from '../reporters/printable.ts';
import { notKept, restorePlay } from '../restore/restore-play.ts';
import { quote } from '../shell/quote.ts';
import { wholeNumber } from './settings/option.ts';
import { playbookOf } from './shared/ad-hoc.ts';
import { type BeforeFlags, beforeOptions } from './shared/before-run.ts';
import { type Continuing, execute } from './shared/execute.ts';
import { connectionOptions, inventoryOptions, type RunFlags, runOptions } from './shared/options.ts';
import { useRecorded } from './shared/recorded-options.ts';
import { openInventory } from './shared/sources.ts';

interface RestoreFlags extends RunFlags, BeforeFlags {
  readonly task: readonly number[];
  readonly changedSince?: boolean;
}

/** `hostwright restore RUN` */
export function addRestore(program: Command, done: (exitCode: number) => void, more?: Continuing): void {
  const command = program
    .command('restore')
    .description('Put back the files, domain definitions and kernel parameters that a recorded run replaced.')
    .argument('<run>', 'its id, the beginning of its id, or "last", the newest that was not in check mode');
  beforeOptions(connectionOptions(runOptions(inventoryOptions(command))))
    .option('--task <number>', 'only what this one replaced, as "history RUN" numbers it', numbers, [])
    .option('--changed-since', 'put back also what was changed again after the run')
    .addHelpText(
      'after',
      `
Without -i it reaches hosts as the run did: with its inventory and options about
connections, from the folder that it was started in.

What the run created stays, and what it removed stays away; volumes, packages
and services are as they are. Nothing is restarted.

Examples:
  hostwright restore last --check --diff     what it would put back
  hostwright restore k7f2a -l hv3
  hostwright restore k7f2a --task 2 --changed-since`,
    )
    .action(async (name: string, flags: RestoreFlags) => {
      const state = stateFolder(flags.state);
      const id = findRealRun(state, name);
      const replacements = chosen(id, await readReplaced(state, id), flags.task);
      const isGiven = command.getOptionValueSource('inventory') === 'cli';
      const start = isGiven ? undefined : startOf(state, id);
      const taken = start ? useRecorded(command, start.origin, again(id, start, flags.state)) : [];
      done(await restore({ id, replacements, taken }, command.opts<RestoreFlags>(), more));
    });
}

interface Wanted {
  readonly id: string;
  readonly replacements: readonly Replacement[];
  /** Words of options that are those of the run. */
  readonly taken: readonly string[];
}

async function restore({ id, replacements, taken }: Wanted, flags: RestoreFlags, more?: Continuing): Promise<number> {
  const surveyed = openInventory(flags.inventory);
  const hosts = hostsOf({ id, replacements, taken }, soundInventory(surveyed), flags);
  for (const { subject, hosts: on } of notKept(replacements)) {
    const line = `Not kept, for it was too large: ${subject} on ${foldNames([...on.keys()])}`;
    process.stderr.write(`${printable(line)}\n`);
  }
  const play = restorePlay({ run: id, replacements, hosts, changedSince: flags.changedSince ?? false });
  refuseTemplates(id, play);
  const job = {
    title: `restore ${id}`,
    playbooks: [playbookOf(play)],
    survey: () => surveyed,
    isKept: true,
    taken,
    ...more,
  };
  return execute(job, flags);
}

/** @throws UnusableRun where the inventory does not have one of the hosts, and none were chosen */
function hostsOf({ id, replacements }: Wanted, inventory: Inventory, { limit }: RestoreFlags): readonly string[] {
  const all = [...new Set(replacements.flatMap(({ hosts }) => [...hosts.keys()]))];
  const missing = all.filter(host => !inventory.hosts.has(host) && host !== 'localhost');
  if (missing.length > 0 && limit === undefined) {
    const message = `The inventory does not have ${foldNames(missing)}, of the run ${id}.`;
    throw new UnusableRun('hosts', message, 'Name one that does with -i, or choose hosts with -l.');
  }
  return all.filter(host => !missing.includes(host));
}

/** Names of files and domains may be anybody's choice. @throws UnusableRun */
function refuseTemplates(id: string, play: object): void {
  if (!JSON.stringify(play).includes('{{')) return;
  const message = `A name that the run ${id} has replaced has {{ in it, which a playbook would evaluate.`;
  throw new UnusableRun('template', message, 'Choose others with --task.');
}

/** What is to be put back. @throws UnusableRun where that is nothing */
function chosen(id: string, all: readonly Replacement[], numbers: readonly number[]): readonly Replacement[] {
  const hint = `See "hostwright history ${id}".`;
  if (all.length === 0)
    throw new UnusableRun('nothing', `The run ${id} replaced nothing that could be put back.`, hint);
  const wrong = numbers.find(number => number > all.length);
  if (wrong !== undefined)
    throw new UnusableRun('task', `The run ${id} has no replacement ${wrong}: the last is ${all.length}.`, hint);
  return numbers.length === 0 ? all : all.filter(({ number }) => numbers.includes(number));
}

function numbers(value: string, before: readonly number[]): readonly number[] {
  return [...before, wholeNumber(1)(value)];
}

/** How to restore a run from the folder that it was started in. */
function again(id: string, { origin }: RunStart, state: string | undefined): string {
  const words = state === undefined ? [] : ['--state', resolve(state)];
  return `cd ${quote(origin.directory)} && ${runCommand('restore', id, words)}`;
}
