import type { RunStart } from '../events/run-start.ts';
import { entryOf } from '../journal/entry.ts';
import type { Replacement } from '../journal/replaced.ts';
import type { HostSummary, RunSummary } from '../journal/summary.ts';
import { quote } from '../shell/quote.ts';
import { count, taskTitle } from './format.ts';
import { foldNames } from './host-names.ts';
import { runCommand } from './outcome.ts';
import { printable } from './printable.ts';
import { countsText, hostLines, leftLines } from './recap.ts';
import type { ReporterOptions } from './reporter.ts';
import type { RunStory } from './run-story.ts';
import { commitText, localTime, statusText, tookText } from './run-words.ts';

/** How a run is shown. */
export interface RunTextOptions extends Pick<ReporterOptions, 'colors'> {
  /** The words that make another command use the same state folder. */
  readonly stateWords: readonly string[];
}

/** What there is to tell of a run, in addition to its sum. */
interface Told {
  readonly story: RunStory;
  /** What it replaced, as far as that can be put back. */
  readonly replaced: readonly Replacement[];
}

/** A recorded run: where it came from, what its hosts came to, and what to do next. */
export function runText(run: RunSummary, { story, replaced }: Told, options: RunTextOptions): readonly string[] {
  const hosts = Object.entries(run.hosts);
  const lines = hosts.map(([host, summary]) => ({ host, ...lineOf(summary, options) }));
  return [
    ...headOf(run),
    ...section('Hosts', hostLines(lines, true)),
    ...section('Failures', story.failures(hosts.length)),
    ...section(run.start.check ? 'What it would change' : 'Changes', story.changes()),
    ...section(
      `Replaced (put back by "${runCommand('restore', run.id, options.stateWords)}")`,
      replaced.map(lineOfReplaced),
    ),
    ...section('Note', notesOf(run)),
    ...nextOf(run, options.stateWords),
  ];
}

function lineOfReplaced({ number, subject, hosts, task }: Replacement): string {
  return printable(`${number}  ${foldNames([...hosts.keys()])}  ${subject} (${taskTitle(task)})`);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines];
}

function headOf(run: RunSummary): readonly string[] {
  const { id, start, time, seconds } = run;
  const { origin, title, resumes } = start;
  const rows: readonly (readonly [name: string, text: string])[] = [
    ['by', `${origin.operator} on ${origin.controller}, in ${origin.directory}`],
    ['began', `${localTime(time)}, took ${tookText(seconds)}`],
    ['command', ['hostwright', ...origin.arguments].map(quote).join(' ')],
    ...(resumes === undefined ? [] : [['continued', `the run ${resumes}`] as const]),
    ['commit', commitLine(start)],
    ['versions', `Hostwright ${origin.versions.hostwright}, Node ${origin.versions.node}`],
    ['inputs', inputsText(start)],
  ];
  return [
    `Run ${id}: ${printable(title)}: ${statusText(entryOf(run))}`,
    ...rows.map(([name, text]) => `  ${name.padEnd(9)} ${printable(text)}`),
  ];
}

function commitLine({ origin: { commit } }: RunStart): string {
  if (!commit) return 'none: not in a git repository';
  return commit.clean ? commit.id : `${commitText({ ...commit, clean: true })}, and what was not committed`;
}

function inputsText({ inputs }: RunStart): string {
  if (!inputs) return 'not known';
  const names = Object.keys(inputs.variables);
  const variables = names.length === 0 ? '' : `, ${count(names.length, 'variable')} of -e: ${names.join(', ')}`;
  return `${count(Object.keys(inputs.files).length, 'file')}, the inventory${variables}`;
}

function lineOf(host: HostSummary, options: Pick<ReporterOptions, 'colors'>) {
  const { counts, unfinished, pending, owed, inFlight } = host;
  const isBegun = Object.values(counts).some(number => number > 0) || inFlight !== undefined;
  const more = unfinished ? '  (not all of its tasks)' : '';
  return {
    text: isBegun ? `${countsText(counts, options)}${more}` : 'nothing was done',
    below: [
      ...leftLines(pending, owed),
      ...(inFlight ? [`may have been done, its end is not recorded: ${taskTitle(inFlight)}`] : []),
    ],
  };
}

function notesOf({ cut, edited, status }: RunSummary): readonly string[] {
  return [
    ...(edited ? ['The journal was changed after the run: it is not what was done.'] : []),
    ...(cut && status === 'cut' ? ['The run was cut: its process is gone, and its journal has no end.'] : []),
  ];
}

/** What may be done next, to be copied; none where the run cannot be continued. */
function nextOf({ id, start, status, edited, hosts }: RunSummary, stateWords: readonly string[]): readonly string[] {
  const isLeft = Object.values(hosts).some(({ unfinished }) => unfinished);
  if (!isLeft || start.check || edited || status === 'under way' || status === 'unknown') return [];
  const again = Object.keys(start.inputs?.variables ?? {}).length > 0 ? ' (with the values of -e that it had)' : '';
  return ['', `Next: ${runCommand('resume', id, stateWords)}${again}`];
}
