import { exitCodes } from '../errors.ts';
import type { NumberedEvent } from '../events/event.ts';
import { paint } from './format.ts';
import { limitOf } from './host-names.ts';
import type { Outcome, Trouble } from './outcome.ts';
import { printable } from './printable.ts';
import { countsText, hostLines, leftLines } from './recap.ts';
import type { ReporterOptions } from './reporter.ts';
import { troubleLines } from './trouble.ts';

type RunFinished = Extract<NumberedEvent, { type: 'run.finished' }>;

export interface EndingOptions extends ReporterOptions {
  /** Whether hosts that came to the same share a line. */
  readonly fold: boolean;
}

/** The end of a run, as lines without their newlines. */
export interface Ending {
  /** What each host came to, and the failures again with their hosts. */
  readonly recap: readonly string[];
  /** What to do about failures: to be copied, so no line may be broken. */
  readonly next: readonly string[];
  /** That the run was interrupted, or in check mode. */
  readonly last: readonly string[];
}

/** What is told at the end of a run. */
export function endingOf(outcome: Outcome, { seconds, exitCode }: RunFinished, options: EndingOptions): Ending {
  const head = `${paint('bold', 'RECAP', options)} (${options.check ? 'check mode, ' : ''}${seconds.toFixed(1)} s)`;
  const all = outcome.finished().length;
  // A run of one host has just told its own failure.
  const troubles = all < 2 ? [] : outcome.troubles();
  return {
    recap: [head, ...recapLines(outcome, options), ...troubles.flatMap(trouble => troubleLines(trouble, all, options))],
    next: troubles.length === 0 ? [] : [nextLine(outcome, troubles)],
    last: [
      ...(exitCode === exitCodes.interrupted ? [paint('red', interruptedText(outcome), options)] : []),
      ...(options.check ? [paint('bold', checkEnd(outcome, options), options)] : []),
    ],
  };
}

/** The first line of a run in check mode. */
export const checkBegin = 'CHECK MODE: this run changes nothing';

/** The last line of a run in check mode. */
function checkEnd(outcome: Outcome, { planned = false }: EndingOptions): string {
  const wouldChange = !planned && outcome.finished().some(({ counts }) => counts.changed > 0);
  return `CHECK MODE: nothing was changed${wouldChange ? '; run without --check to make these changes' : ''}`;
}

function interruptedText(outcome: Outcome): string {
  const resume = outcome.resume();
  const next = resume === undefined ? 'run the same command again' : `go on with: ${resume}`;
  return `INTERRUPTED: tasks are left that were not begun; ${next}`;
}

function recapLines(outcome: Outcome, options: EndingOptions): readonly string[] {
  const hosts = outcome.finished().map(finished => {
    const { host, counts, pending, owed } = finished;
    return {
      host,
      text: outcome.isNotStarted(finished) ? 'not started' : countsText(counts, options),
      below: leftLines(pending, owed),
    };
  });
  return hostLines(hosts, options.fold);
}

/**
 * The command that goes on; without a record, the hosts that failed, and those that were not
 * started because of them, as a pattern for another run.
 */
function nextLine(outcome: Outcome, troubles: readonly Trouble[]): string {
  const resume = outcome.resume();
  if (resume !== undefined) return `Next: ${resume}`;
  const hit = new Set(troubles.flatMap(({ hosts }) => hosts));
  const again = outcome.finished().filter(finished => hit.has(finished.host) || outcome.isNotStarted(finished));
  if (again.length === outcome.finished().length) return 'Next: run the same command again';
  return `Next: run the same command with -l ${printable(limitOf(again.map(({ host }) => host)))}`;
}
