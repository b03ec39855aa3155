import { Command, Help, Option } from 'commander';
import { exitCodes } from '../errors.ts';
import { version } from '../home.ts';
import { stateFolder } from '../journal/folder.ts';
import { refuseSilent } from '../journal/patience.ts';
import { printableLines } from '../reporters/printable.ts';
import { addAdvise } from './advise.ts';
import { addApply } from './apply.ts';
import { addCompletion } from './completion/completion.ts';
import { addConfig } from './config.ts';
import { addDoc } from './doc.ts';
import { addDrift } from './drift.ts';
import { addExplain } from './explain.ts';
import { addFacts } from './facts.ts';
import { addHistory } from './history.ts';
import { addInit } from './init.ts';
import { addInventory } from './inventory.ts';
import { addLint } from './lint.ts';
import { addPlan } from './plan.ts';
import { addPlay } from './play.ts';
import { addRestore } from './restore.ts';
import { addResume } from './resume.ts';
import { addRole } from './role.ts';
import { addRoles } from './roles.ts';
import { addRun } from './run.ts';
import { addSchema } from './schema.ts';
import { unreadAnsibleCfg } from './settings/ansible-cfg.ts';
import { applySettings, optionOf } from './settings/apply.ts';
import { optionName, settingNames, settingOf } from './settings/table.ts';
import type { Continuing } from './shared/execute.ts';
import { withForeignForm } from './shared/foreign-options.ts';
import { addTimer } from './timer.ts';

/**
 * The commands with their options, as commander knows them: what is parsed, and what the help, the
 * completion of shells and the page of the manual are made from.
 * @param done takes the exit code of the command that was run.
 * @param more what a command that carries another one out adds to its job
 */
export function createProgram(done: (exitCode: number) => void, more?: Continuing): Command {
  const program = new Command('hostwright')
    .description('Brings KVM hosts to the condition that playbooks state, over SSH, with nothing installed on them.')
    .version(version())
    .showHelpAfterError('(--help says more)')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(printableLines(withForeignForm(text, program.args))) })
    .configureHelp({ optionDescription, subcommandTerm, minWidthToWrap: 20 })
    .hook('preAction', async (_, command) => {
      applySettings(command);
      const unread = unreadAnsibleCfg(command);
      if (unread !== undefined) process.stderr.write(printableLines(`${unread}\n`));
      const { journal, state } = command.opts<{ journal?: boolean; state?: string }>();
      if (optionOf(command, 'state') && journal !== false) await refuseSilent(stateFolder(state));
    });
  for (const add of [
    addPlay,
    addRun,
    addRole,
    (on: Command, end: typeof done) => addResume(on, end, carryOut),
    addPlan,
    (on: Command, end: typeof done) => addApply(on, end, (words, also) => carryOut(words, { ...more, ...also })),
    addHistory,
    addRestore,
    addDrift,
    addTimer,
    addAdvise,
    addRoles,
    addLint,
    addInventory,
    addFacts,
    addExplain,
    addDoc,
    addConfig,
    addInit,
    addSchema,
    addCompletion,
  ])
    add(program, done, more);
  for (const command of program.commands) {
    command.exitOverride().showHelpAfterError('(--help says more)');
    addNegations(command);
  }
  return program;
}

async function carryOut(words: readonly string[], more: Continuing): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = createProgram(code => {
    exitCode = code;
  }, more);
  await program.parseAsync(words, { from: 'user' });
  return exitCode;
}

/** What hostwright.yml turns on, a command line can turn off: `--no-diff`. */
function addNegations(command: Command): void {
  for (const name of settingNames.filter(each => settingOf(each).schema.type === 'boolean')) {
    if (optionOf(command, name) === undefined) continue;
    command.addOption(new Option(optionName(name).replace('--', '--no-'), `the opposite of ${optionName(name)}`));
  }
}

/** As commander has it, without "(default: [])" for what may be given several times. */
function optionDescription(this: Help, option: Option): string {
  const isEmpty = Array.isArray(option.defaultValue) && option.defaultValue.length === 0;
  const shown = isEmpty ? Object.assign(Object.create(option) as Option, { defaultValue: undefined }) : option;
  return Help.prototype.optionDescription.call(this, shown);
}

/**
 * A command in a list of commands: its name and arguments. All have options, so that is not
 * repeated.
 */
function subcommandTerm(this: Help, command: Command): string {
  return Help.prototype.subcommandTerm.call(this, command).replace(' [options]', '');
}
