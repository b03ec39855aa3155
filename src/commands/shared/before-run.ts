import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { exitCodes, HostwrightError } from '../../errors.ts';
import type { Hazard } from '../../events/result.ts';
import { suggest } from '../../language/suggest.ts';
import type { Plan } from '../../plan/plan.ts';
import { foldNames } from '../../reporters/host-names.ts';
import { printable } from '../../reporters/printable.ts';
import { settingOption } from '../settings/option.ts';

/** What a user may want before a run begins, as commander gives it. */
export interface BeforeFlags {
  readonly list?: boolean;
  readonly maxHosts?: number;
  readonly from?: string;
  readonly step?: boolean;
  readonly yes?: boolean;
}

/** Options about what comes before the first task. */
export function beforeOptions(command: Command): Command {
  return command
    .option('--list', 'only show the hosts, batches and tasks, and ask no host')
    .addOption(settingOption('max_hosts'))
    .option('--from <task>', 'leave out the tasks before this one: "role: task" or "task"')
    .option('--step', 'ask before each task')
    .option('-y, --yes', 'do not ask whether what --allow names is meant');
}

/** The hosts of a plan, each once. */
export function hostsOfPlan({ plays }: Plan): readonly string[] {
  return [...new Set(plays.flatMap(({ hosts }) => hosts))];
}

/** @throws HostwrightError `hosts.many` where a plan is for more hosts than it may be */
export function refuseMany(plan: Plan, most: number | undefined): void {
  const hosts = hostsOfPlan(plan);
  if (most === undefined || hosts.length <= most) return;
  throw new HostwrightError('hosts.many', `The run is for ${hosts.length} hosts, and --max-hosts is ${most}.`, {
    hint: 'Look at them with --list; choose some with -l, or raise --max-hosts.',
    exitCode: exitCodes.usage,
  });
}

/** @throws HostwrightError `hosts.follow` where a host is to be followed that the run has not */
export function refuseStrangers(plan: Plan, follow: readonly string[]): void {
  const hosts = hostsOfPlan(plan);
  const stranger = follow.find(host => !hosts.includes(host));
  if (stranger === undefined) return;
  throw new HostwrightError('hosts.follow', `--follow ${stranger}: the run has no such host.`, {
    hint: suggest(stranger, hosts) ?? 'Look at its hosts with --list.',
    exitCode: exitCodes.usage,
  });
}

/** What is at stake in a run. */
interface Stake {
  readonly plan: Plan;
  readonly allowed: readonly Hazard[];
}

/**
 * Has the user of a terminal type how many hosts a run may harm, where the command line allows
 * hazards: consent that is typed each time is not given by habit.
 * @throws HostwrightError `consent.withdrawn`
 */
export async function confirm({ plan, allowed }: Stake): Promise<void> {
  const { stdin, stderr } = process;
  if (allowed.length === 0 || !stdin.isTTY || !stderr.isTTY) return;
  const hosts = hostsOfPlan(plan);
  stderr.write(`This run may cause ${allowed.join(', ')} on ${printable(foldNames(hosts))}.\n`);
  const answer = await ask(`Type the number of hosts (${hosts.length}) to begin: `);
  if (answer.trim() === String(hosts.length)) return;
  throw new HostwrightError('consent.withdrawn', 'Nothing was begun.', {
    hint: '--yes does not ask.',
    exitCode: exitCodes.interrupted,
  });
}

/** Asks a question on the terminal; Ctrl-C and Ctrl-D are an empty answer. */
export async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = new Promise<string>(done => {
      reader.once('SIGINT', () => done(''));
      reader.once('close', () => done(''));
    });
    return await Promise.race([reader.question(question), closed]);
  } finally {
    reader.close();
  }
}
