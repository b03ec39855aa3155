import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { addAdvise } from './commands/advise.ts';
import { addDoc } from './commands/doc.ts';
import { addExplain } from './commands/explain.ts';
import { addFacts } from './commands/facts.ts';
import { withForeignOption } from './commands/foreign-options.ts';
import { addInventory } from './commands/inventory.ts';
import { addLint } from './commands/lint.ts';
import { addPlay } from './commands/play.ts';
import { addRole } from './commands/role.ts';
import { addRoles } from './commands/roles.ts';
import { addRun } from './commands/run.ts';
import { exitCodes, HostwrightError } from './errors.ts';
import { home } from './home.ts';
import { printableLines } from './reporters/printable.ts';

/** The command line: the only place that reads argv and ends the process. */
async function main(): Promise<void> {
  let exitCode: number = exitCodes.done;
  let unwritten: string | undefined;
  const done = (code: number) => {
    exitCode = code;
  };
  const program = new Command('hostwright')
    .description('Brings KVM hosts to the condition that playbooks state, over SSH, with nothing installed on them.')
    .version(version())
    .configureOutput({ outputError: (text, write) => write(withForeignOption(text)) })
    .showHelpAfterError('(--help says more)')
    .exitOverride();
  for (const add of [
    addPlay,
    addRun,
    addRole,
    addAdvise,
    addRoles,
    addLint,
    addInventory,
    addFacts,
    addExplain,
    addDoc,
  ])
    add(program, done);
  for (const command of program.commands) command.exitOverride().showHelpAfterError('(--help says more)');
  // A reader that went away (| head), or a full disk, must not stop a run in the middle of a change.
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || unwritten !== undefined) return;
    unwritten = message;
    process.stderr.write(`The output is not complete: ${message}\n`);
  });
  // Nor must a terminal that was closed.
  process.stderr.on('error', () => undefined);
  process.on('beforeExit', () => {
    // A run that is under way has a listener of its own, which says what it waits for.
    if (process.listenerCount('beforeExit') === 1)
      process.exit(explain(new Error('It waits for something that cannot come.')));
  });
  process.on('uncaughtException', error => process.exit(explain(error)));
  try {
    await program.parseAsync();
  } catch (error) {
    exitCode = explain(error);
  }
  // What was written to a pipe may still be on its way; an open connection must not keep the process.
  process.stdout.write('', () => {
    // Whoever reads the output must not take it for all there is to say.
    process.exit(exitCode === exitCodes.done && unwritten !== undefined ? exitCodes.failed : exitCode);
  });
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof HostwrightError) {
    process.stderr.write(printableLines(`${error.message}\n${error.hint ? `  ${error.hint}\n` : ''}`));
    return error.exitCode;
  }
  process.stderr.write(
    `A defect in Hostwright, please report it:\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return exitCodes.defect;
}

function version(): string {
  return (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }).version;
}

await main();
