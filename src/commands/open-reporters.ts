import { once } from 'node:events';
import { createWriteStream, existsSync, fchmodSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';
import { gathered } from '../reporters/gathered.ts';
import { jsonlReporter } from '../reporters/jsonl.ts';
import { linesReporter } from '../reporters/lines.ts';
import type { Reporter, ReporterOptions, TerminalOptions } from '../reporters/reporter.ts';
import { terminalReporter } from '../reporters/terminal.ts';
import { withTimings } from '../reporters/timings.ts';
import type { RunFlags } from './options.ts';

/**
 * The readers of a run's events that a command line names: what is printed, and the report.
 * @param more what the command shows that others do not
 * @throws HostwrightError `report.file` where the report cannot be written
 */
export function openReporters(flags: RunFlags, more: Pick<ReporterOptions, 'found'> = {}): readonly Reporter[] {
  const { stdout } = process;
  const colors = !process.env.NO_COLOR && (stdout.isTTY || Boolean(process.env.FORCE_COLOR));
  const options = {
    ...more,
    ...{ colors, diff: flags.diff ?? false, verbosity: flags.verbose, check: flags.check ?? false },
    follow: new Set(flags.follow),
  };
  const live = stdout.isTTY && !process.env.CI && process.env.TERM !== 'dumb';
  const form = flags.output === 'auto' ? (live ? 'terminal' : 'lines') : flags.output;
  const timed = (reporter: Reporter, write: (text: string) => void) =>
    flags.timings ? withTimings(reporter, write) : reporter;
  const toScreen = (text: string) => stdout.write(text);
  const shown = {
    lines: () => gathered(stdout, write => timed(linesReporter({ ...options, write }), write)),
    terminal: () => timed(terminalReporter({ ...options, ...screen(stdout), write: toScreen }), toScreen),
    // The table is for people: it does not go between the events.
    jsonl: () => timed(gathered(stdout, jsonlReporter), text => process.stderr.write(text)),
  }[form]();
  const seen = { ...shown, seen: stdout.isTTY && form !== 'jsonl' };
  return flags.report === undefined ? [seen] : [seen, reportFile(flags.report)];
}

function screen(stdout: NodeJS.WriteStream): Pick<TerminalOptions, 'columns' | 'now'> {
  return { columns: () => stdout.columns || 80, now: Date.now };
}

function reportFile(file: string): Reporter {
  let fd: number;
  try {
    // One folder at most: a path that is misspelt makes no tree.
    if (!existsSync(dirname(file))) mkdirSync(dirname(file));
    fd = openSync(file, 'w', 0o600);
    // A report of an earlier run keeps its mode otherwise.
    if (fstatSync(fd).isFile()) fchmodSync(fd, 0o600);
  } catch (cause) {
    throw new HostwrightError('report.file', `The report ${file} cannot be written: ${messageOf(cause)}`, {
      exitCode: exitCodes.usage,
      cause,
    });
  }
  const stream = createWriteStream(file, { fd });
  // A full disk must not stop a run in the middle of a change.
  const broken = once(stream, 'error').then(([cause]: Error[]) => {
    process.stderr.write(`The report ${file} is not complete: ${messageOf(cause)}\n`);
  });
  const { close, read } = gathered(stream, jsonlReporter);
  return {
    read,
    close: async () => {
      await close();
      await Promise.race([broken, new Promise<void>(done => stream.end(done))]);
    },
  };
}
