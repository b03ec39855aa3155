import { type Context, createContext, Script } from 'node:vm';
import { HostwrightError } from './errors.ts';

/** Milliseconds that patterns may take on one text. */
const limit = 2000;

/**
 * Does work that tries patterns on a text. Some patterns take hours on a text that is made to slow
 * them down, and a host may send such a text: until it is done, neither another host nor Ctrl-C
 * would get a turn. Where the patterns or the text could take long, the work is ended at a limit,
 * which costs a thread.
 * @param patterns the sources of regular expressions
 * @param pieces what they are tried on, each by itself: lines, or a whole text
 * @throws HostwrightError `pattern.slow`
 */
export function matchInTime<T>(patterns: readonly (string | undefined)[], pieces: readonly string[], work: () => T): T {
  const given = patterns.filter(pattern => pattern !== undefined);
  if (!given.some(pattern => mayTakeLong(pattern, pieces))) return work();
  try {
    return withLimit(work);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new HostwrightError('pattern.slow', `matching ${given.join(' and ')} takes longer than ${limit / 1000} s`, {
      hint:
        'Leave out a repetition that can match what the one before it can (".*.*"), and groups that are ' +
        'repeated within repeated groups. If the pattern is simple, look at what the host has there.',
    });
  }
}

let context: Context | undefined;
let call: Script | undefined;

function withLimit<T>(work: () => T): T {
  context ??= createContext({});
  call ??= new Script('work()');
  context.work = work;
  return call.runInContext(context, { timeout: limit }) as T;
}

/** More steps than this take a tenth of a second. */
const manySteps = 2e7;

/**
 * Each unbounded repetition may try each length of a piece, and begin anywhere; a repetition of
 * repetitions has no bound at all.
 */
function mayTakeLong(pattern: string, pieces: readonly string[]): boolean {
  const bare = pattern.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]/g, 'x');
  const repetitions = bare.match(/[*+]|\{\d+,\}/g)?.length ?? 0;
  // A repeated group of which each round can be made in several ways.
  if (/[|?*+{][\s\S]*\)(?:[*+]|\{\d)/.test(bare)) return true;
  const power = repetitions + (bare.startsWith('^') ? 0 : 1);
  return pieces.reduce((steps, piece) => steps + piece.length ** power, 0) > manySteps;
}
