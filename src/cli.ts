import { CommanderError } from 'commander';
import { createProgram } from './commands/program.ts';
import { exitCodes, HostwrightError } from './errors.ts';
import { InvalidInput } from './language/diagnostic.ts';
import { leave } from './leave.ts';
import { printableLines } from './reporters/printable.ts';

/** The command line: the only place that reads argv. */
async function main(): Promise<void> {
  let exitCode: number = exitCodes.done;
  let unwritten: string | undefined;
  const program = createProgram(code => {
    exitCode = code;
  });
  // A reader that went away (| head), or a full disk, must not stop a run in the middle of a
  // change.
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
      void leave(explain(new Error('It waits for something that cannot come.')));
  });
  process.on('uncaughtException', error => void leave(explain(error)));
  try {
    await program.parseAsync();
  } catch (error) {
    exitCode = explain(error);
  }
  // What was written to a pipe may still be on its way; an open connection must not keep the
  // process.
  process.stdout.write('', () => {
    // Whoever reads the output must not take it for all there is to say.
    void leave(exitCode === exitCodes.done && unwritten !== undefined ? exitCodes.failed : exitCode);
  });
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof HostwrightError) {
    process.stderr.write(printableLines(`${error.message}\n${error.hint ? `  ${error.hint}\n` : ''}${end(error)}`));
    return error.exitCode;
  }
  process.stderr.write(
    `A defect in Hostwright, please report it:\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return exitCodes.defect;
}

/** More problems than one sees at a glance end with their number. */
function end(error: HostwrightError): string {
  return error instanceof InvalidInput && error.diagnostics.length > 5 ? `\n${error.total}\n` : '';
}

await main();
