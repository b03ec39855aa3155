import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RunStart } from '../events/run-start.ts';
import { setNamesIn } from '../inventory/host-sets.ts';
import { UnusableRun } from '../journal/errors.ts';
import { checkedOnly, findRun } from '../journal/find-run.ts';
import { newestRuns } from '../journal/find-runs.ts';
import { stateFolder } from '../journal/folder.ts';
import { readRecorded } from '../journal/recorded.ts';
import { type RunSummary, sumUp } from '../journal/summary.ts';
import { runCommand } from '../reporters/outcome.ts';
import { secretMark } from '../values/mask-secrets.ts';
import type { CarryOut } from './shared/execute.ts';
import { optionWords, withOption, withOptions } from './shared/option-words.ts';
import { type RunFlags, resumeOptions } from './shared/options.ts';
import { type Resumed, refuseMissing } from './shared/resumed.ts';

interface ResumeFlags extends Pick<RunFlags, 'state'> {
  readonly inputsChanged?: boolean;
  readonly repeat?: boolean;
}

/** `hostwright resume RUN` */
export function addResume(program: Command, done: (exitCode: number) => void, carryOut: CarryOut): void {
  const command = program
    .command('resume')
    .description('Continue a recorded run where it stopped, host by host and task by task.')
    .argument('<run>', 'its id, the beginning of its id, or "last"');
  resumeOptions(command)
    .option('--inputs-changed', 'go on although playbooks, roles, inventory or variables are not what they were')
    .option('--repeat', 'run again what may have run when the run was cut')
    .addHelpText(
      'after',
      `
What the run has done is not done again: results, registers and facts come from
its journal. Tasks that failed, and those that it did not come to, run now, with
the options that it had. Values of -e are not recorded: give them again.

Examples:
  hostwright resume last
  hostwright resume k7f2a -e pool=vmpool`,
    )
    .action(async (name: string, flags: ResumeFlags) => done(await resume(name, flags, { command, carryOut })));
}

/** Options that are for `resume` itself. */
const own = ['inputsChanged', 'repeat', 'state'];

interface Resuming {
  readonly command: Command;
  readonly carryOut: CarryOut;
}

/** @throws UnusableRun where the run cannot be continued */
async function resume(name: string, flags: ResumeFlags, { command, carryOut }: Resuming): Promise<number> {
  const state = resolve(stateFolder(flags.state));
  const id = findRun(state, name);
  const summary = await sumUp(state, id);
  refuse(summary);
  await refuseContinued(state, id);
  if (!Object.values(summary.hosts).some(({ unfinished }) => unfinished)) {
    process.stdout.write(`Nothing is left of the run ${id}: all of its hosts went through.\n`);
    return 0;
  }
  const recorded = await readRecorded(state, id, flags.repeat ?? false);
  const { start } = summary;
  enter(start);
  const words = start.origin.arguments.map(word => withoutInput(word, start.hosts));
  const all = withOption(words, '--state', state);
  const resumed: Resumed = {
    start,
    recorded,
    arguments: flags.state === undefined ? words : all,
    command: runCommand('resume', id, flags.state === undefined ? [] : ['--state', flags.state]),
    inputsChanged: flags.inputsChanged ?? false,
  };
  return carryOut(withOptions(all, optionWords(command, own)), {
    resumed,
    onVariables: given => refuseMissing(resumed, given),
  });
}

function refuse({ id, start, status }: RunSummary): void {
  const again = 'Give the whole command again.';
  if (start.check) throw checkedOnly(id, again);
  if (status === 'under way')
    throw new UnusableRun('under-way', `The run ${id} is still under way, as process ${start.origin.process.id}.`);
  if (status === 'unknown') throw new UnusableRun('elsewhere', elsewhere(id, start), 'Resume it there.');
  if (start.origin.arguments.some(word => word.includes(secretMark)))
    throw new UnusableRun('secret', `The command line of the run ${id} had a secret, which is not recorded.`, again);
}

/** What a later run that continued it has done since then would be done again. */
async function refuseContinued(state: string, id: string): Promise<void> {
  for await (const run of newestRuns(state)) {
    if (run.id <= id) return;
    if (run.resumes !== id) continue;
    const hint = `Continue that one: hostwright resume ${run.id}`;
    throw new UnusableRun('continued', `The run ${id} was continued by the run ${run.id}.`, hint);
  }
}

function elsewhere(id: string, { origin: { controller } }: RunStart): string {
  return `The run ${id} was started on ${controller}, and has no end yet.`;
}

/** A word of a command line with these hosts where it is a pattern that read standard input. */
function withoutInput(word: string, hosts: readonly string[]): string {
  const [, option = '', pattern = ''] = /^(--limit=|-l)?([^\s=]+)$/.exec(word) ?? [];
  return setNamesIn(pattern).includes('-') ? `${option}${hosts.join(',')}` : word;
}

/** Paths of the command line begin at the folder that it was given in. */
function enter({ origin: { directory } }: RunStart): void {
  if (!existsSync(directory))
    throw new UnusableRun('directory', `The run was started in ${directory}, which is not there any more.`);
  process.chdir(directory);
}
