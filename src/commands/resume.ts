import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RunStart } from '../events/run-start.ts';
import { setNamesIn } from '../inventory/host-sets.ts';
import { UnusableRun } from '../journal/errors.ts';
import { findRun } from '../journal/find-run.ts';
import { stateFolder } from '../journal/folder.ts';
import { readRecorded } from '../journal/recorded.ts';
import { type RunSummary, sumUp } from '../journal/summary.ts';
import { resumeText } from '../reporters/outcome.ts';
import { secretMark } from '../values/mask-secrets.ts';
import type { CarryOut } from './shared/execute.ts';
import { optionWords, withOptions } from './shared/option-words.ts';
import { type RunFlags, resumeOptions } from './shared/options.ts';
import { refuseMissing } from './shared/resumed.ts';

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
  if (!Object.values(summary.hosts).some(({ unfinished }) => unfinished)) {
    process.stdout.write(`Nothing is left of the run ${id}: all of its hosts went through.\n`);
    return 0;
  }
  const recorded = await readRecorded(state, id, flags.repeat ?? false);
  const { start } = summary;
  enter(start);
  const [verb = '', ...words] = start.origin.arguments.map(word => withoutInput(word, start.hosts));
  const text = resumeText(id, flags.state === undefined ? [] : ['--state', flags.state]);
  const resumed = { start, recorded, command: text, inputsChanged: flags.inputsChanged ?? false };
  const options = ['--state', state, ...optionWords(command, own)];
  return carryOut(withOptions([verb, ...words], options), {
    resumed,
    onVariables: given => refuseMissing(resumed, given),
  });
}

function refuse({ id, start, status }: RunSummary): void {
  const again = 'Give the whole command again.';
  if (start.check) throw new UnusableRun('check', `The run ${id} was in check mode: nothing of it was done.`, again);
  if (status === 'under way')
    throw new UnusableRun('under-way', `The run ${id} is still under way, as process ${start.origin.process.id}.`);
  if (status === 'unknown') throw new UnusableRun('elsewhere', elsewhere(id, start), 'Resume it there.');
  if (start.origin.arguments.some(word => word.includes(secretMark)))
    throw new UnusableRun('secret', `The command line of the run ${id} had a secret, which is not recorded.`, again);
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
