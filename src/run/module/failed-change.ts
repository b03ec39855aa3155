import { isDeepStrictEqual } from 'node:util';
import type { Session } from '../../connections/session.ts';
import type { Change } from '../../decision.ts';
import { HostwrightError, messageOf } from '../../errors.ts';
import type { TaskResult } from '../../events/event.ts';
import type { Answer } from '../../shell/script.ts';
import { doneResult, result } from '../result/results.ts';
import { type Looked, look } from './look.ts';
import type { ModuleRun } from './module-run.ts';
import { whatIsMissing } from './proof.ts';
import { reconnect, waitForOldShell } from './recover.ts';
import { stillStanding } from './standing.ts';

/** In the middle of a change nothing is asked for other tasks. */
export function alone(run: ModuleRun): ModuleRun {
  return { ...run, upcoming: async () => [] };
}

/** A change of which a section has failed. */
export function failedSections({ run, decision }: Begun, answer: Answer, message: string): Promise<TaskResult> {
  return failedApply({ run, decision }, result('failed', message, { fields: decision.report?.(answer) ?? {} }));
}

/** A change that has begun on a host. */
interface Begun {
  readonly run: ModuleRun;
  readonly decision: Change;
}

/** An apply that failed has begun: the probe says what it did change. */
export async function failedApply({ run, decision }: Begun, failed: TaskResult): Promise<TaskResult> {
  run.lookAhead.forget(run.host.link.all());
  if (decision.verify === 'none') return { ...failed, changed: true, diff: decision.diff };
  const looked = await look(alone(run)).catch(() => undefined);
  const seen = looked && 'decision' in looked ? looked : undefined;
  const left = seen?.decision.kind === 'change' ? seen.decision.diff : [];
  const done = seen && whatIsMissing(seen.decision, seen.state, decision.verify ?? {}) === undefined;
  const now = done ? ' (it is as it should be all the same)' : '';
  const diff = left.length > 0 ? left : decision.diff;
  return { ...failed, ...stillStanding(run, looked), message: failed.message + now, changed: true, diff };
}

/** A change whose link died: the session that had it, and the seconds that it may take. */
interface Lost extends Begun {
  readonly session: Session;
  readonly limit: number;
  /** The first is 1. */
  readonly attempt: number;
}

/**
 * The link died in the middle of an apply, or before it, unnoticed. What ran there goes on: nothing
 * is asked before it is gone.
 */
export async function afterLoss(lost: Lost): Promise<TaskResult | 'guard'> {
  const { run, decision } = lost;
  const gone = await stillThere(lost);
  if (gone) return result('lost', gone.message, { changed: true, diff: decision.diff, hint: gone.hint });
  if (decision.verify === 'none') {
    return result('failed', 'the connection broke in the middle: it may have run', {
      changed: true,
      diff: decision.diff,
      hint: 'It is not repeated by itself. Look on the host.',
    });
  }
  const looked = await look(alone(run));
  return 'result' in looked ? { ...looked.result, changed: true } : afterLook(lost, looked);
}

/** Why nothing can be said of a host whose link died; undefined once it can be asked again. */
async function stillThere({ run, session, limit }: Lost): Promise<{ message: string; hint: string } | undefined> {
  try {
    await reconnect(run, 120);
    const left = await waitForOldShell(run, session.identity(), limit);
    if (!left) return undefined;
    const message = `the connection broke in the middle, and this still runs there: ${left}`;
    return { message, hint: 'Look at it before you run again.' };
  } catch (error) {
    if (!(error instanceof HostwrightError)) throw error;
    const why = `the host does not come back: ${messageOf(error)}`;
    const message = `the connection broke in the middle of a change, and ${why}`;
    return { message, hint: 'Whether it was done is not known.' };
  }
}

/** What a change came to whose link died, by what is there now. */
function afterLook({ decision, attempt }: Lost, looked: Exclude<Looked, { result: unknown }>): TaskResult | 'guard' {
  const { decision: left, state } = looked;
  if (left.kind === 'ok') return doneResult(decision, left.result ?? {});
  // Nothing of it was done: it is done now. A change that breaks the link each time is not tried
  // for ever.
  if (attempt === 1 && left.kind === 'change' && isDeepStrictEqual(left.diff, decision.diff)) return 'guard';
  const missing = whatIsMissing(left, state, {});
  return result('failed', `the connection broke in the middle, and the change is not complete: ${missing}`, {
    changed: true,
    diff: decision.diff,
    hint: 'Run again: what is missing will be done.',
  });
}
