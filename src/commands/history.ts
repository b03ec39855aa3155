import { type Command, Option } from 'commander';
import { entryOf, type RunEntry } from '../journal/entry.ts';
import { findRun } from '../journal/find-run.ts';
import { findRuns, type RunFilter, runStates } from '../journal/find-runs.ts';
import { stateFolder } from '../journal/folder.ts';
import { readJournal } from '../journal/read.ts';
import { watchReplaced } from '../journal/replaced.ts';
import { sumUp } from '../journal/summary.ts';
import { colorsFor } from '../reporters/open.ts';
import { printableLines } from '../reporters/printable.ts';
import { tellReading } from '../reporters/reading.ts';
import { runList } from '../reporters/run-list.ts';
import { readStory } from '../reporters/run-story.ts';
import { runText } from '../reporters/run-text.ts';
import { settingOption, wholeNumber } from './settings/option.ts';
import { endOf, momentOf } from './shared/moment.ts';

interface HistoryFlags extends Omit<RunFilter, 'limit'> {
  readonly number: number;
  readonly json?: boolean;
  readonly diff?: boolean;
  readonly state?: string;
}

/** `hostwright history [RUN]` */
export function addHistory(program: Command, done: (exitCode: number) => void): void {
  program
    .command('history')
    .description('List recorded runs, newest first, or tell of one.')
    .argument('[run]', 'tell of this one: its id, the beginning of its id, or "last"')
    .option('--host <host>', 'only runs with this host; * and ? have their meaning')
    .option('--role <role>', 'only runs with a task of this role')
    .option('--module <module>', 'only runs with a task of this module')
    .option('--commit <commit>', 'only runs at this commit; "dirty" are those with changes next to it')
    .addOption(new Option('--status <status>', 'only runs that ended so').choices(Object.keys(runStates)))
    .option('--since <time>', 'only runs that began at this time or later', momentOf)
    .option('--until <time>', 'only runs that began before this time, or on this day', endOf)
    .addOption(new Option('-n, --number <number>', 'list so many').argParser(wholeNumber(1)).default(20))
    .option('--json', 'a JSON object for each run')
    .addOption(settingOption('diff'))
    .addOption(settingOption('state'))
    .addHelpText(
      'after',
      `
A time is a date (2026-05-31, 2026-05-31T14:00) or how long ago (3d, 12h).
A commit with * had changes that were not committed.

Examples:
  hostwright history                 the newest runs
  hostwright history --host 'hv*' --status failed --since 3d
  hostwright history last            what became of the newest
  hostwright history k7f2a --diff    with each line that it changed
  hostwright history --json -n 1     for a program`,
    )
    .action(async (name: string | undefined, flags: HistoryFlags) => {
      const state = stateFolder(flags.state);
      await (name === undefined ? list(state, flags) : tell(state, findRun(state, name), flags));
      done(0);
    });
}

async function list(state: string, flags: HistoryFlags): Promise<void> {
  const reading = tellReading(process.stderr);
  const { runs, unreadable } = await findRuns(state, { ...flags, limit: flags.number }, reading.begin);
  reading.end();
  const { stdout } = process;
  const shown = { colors: colorsFor(stdout), columns: stdout.isTTY ? stdout.columns : Number.POSITIVE_INFINITY };
  write(flags.json ? runs.map(json) : runList(runs, shown));
  const nothing = runs.length === 0 && unreadable.size === 0 ? [`No such run is recorded in ${state}.`] : [];
  for (const line of [...nothing, ...unreadable.values()]) process.stderr.write(printableLines(`${line}\n`));
}

async function tell(state: string, id: string, flags: HistoryFlags): Promise<void> {
  const run = await sumUp(state, id);
  if (flags.json) {
    write([json(entryOf(run))]);
    return;
  }
  const shown = { colors: colorsFor(process.stdout), diff: flags.diff ?? false, check: run.start.check };
  const story = readStory(shown);
  const replaced = watchReplaced();
  await readJournal(state, id, event => {
    story.read(event);
    replaced.read(event);
  });
  const stateWords = flags.state === undefined ? [] : ['--state', flags.state];
  const told = { story, replaced: run.edited ? [] : replaced.replacements() };
  write(runText(run, told, { ...shown, stateWords }));
}

function json(run: RunEntry): string {
  return JSON.stringify(run);
}

function write(lines: readonly string[]): void {
  process.stdout.write(lines.map(line => `${line}\n`).join(''));
}
