import type { Change, Decision } from '../../decision.ts';
import type { TaskResult } from '../../events/event.ts';
import { doneResult, result } from '../result/results.ts';
import { failedSection } from './apply-script.ts';
import { type Looked, look } from './look.ts';
import { limits, type ModuleRun } from './module-run.ts';
import { stillStanding } from './standing.ts';

/** The same probe and the same decision again, until it is `ok` or the time is up. */
export async function prove(
  run: ModuleRun,
  decision: Change,
  verify: Exclude<Change['verify'], 'none' | undefined>,
): Promise<TaskResult> {
  const deadline = performance.now() + (verify.within ?? 0) * 1000;
  for (let pause = 100; ; pause = Math.min(pause * 2, 2000)) {
    const looked = await look(run);
    const missing = 'result' in looked ? looked.result.message : whatIsMissing(looked.decision, looked.state, verify);
    if (missing === undefined && 'decision' in looked) {
      const { decision: after } = looked;
      const pending = after.kind === 'refuse' ? [] : (after.pending ?? []);
      // What `decide` would do next says nothing of a change that has a proof of its own.
      const own = verify.proves || after.kind === 'refuse' ? undefined : after.result;
      const fields = own ?? decision.result ?? {};
      return doneResult({ ...decision, pending }, fields);
    }
    if (performance.now() >= deadline) return undoAndFail(run, decision, { missing: missing ?? '', looked });
    await new Promise(done => setTimeout(done, pause));
  }
}

/** Why a change is not complete; undefined where it is. */
export function whatIsMissing(
  decision: Decision,
  state: unknown,
  { proves }: { proves?: (after: never) => string | undefined },
): string | undefined {
  if (proves) return proves(state as never);
  if (decision.kind === 'ok') return undefined;
  return decision.kind === 'change' ? decision.reason : decision.message;
}

async function undoAndFail(
  run: ModuleRun,
  decision: Change,
  { looked, missing }: { readonly looked: Looked; readonly missing: string },
): Promise<TaskResult> {
  const { said, done } = decision.undo ? await undo(run, decision.undo) : { said: '', done: false };
  return result('failed', `it did not converge: after the change, ${missing}${said}`, {
    changed: true,
    diff: decision.diff,
    // What was undone will not take effect.
    pending: done ? [] : (decision.pending ?? []),
    ...stillStanding(run, looked),
    hint: 'Something else may set it back, or the change does not take. Look on the host, and run again with -v.',
  });
}

/**
 * Takes a change back. `said` is what came of it, as the end of a sentence.
 * @throws ConnectionLost
 */
export async function undo(
  run: ModuleRun,
  script: NonNullable<Change['undo']>,
): Promise<{ readonly said: string; readonly done: boolean }> {
  const session = await run.host.link.session(run.become);
  run.lookAhead.forget([session]);
  const answer = await session.run(script, { limit: script.limit ?? limits.apply, stopAtFailure: true });
  const wrong = failedSection(script, answer);
  if (wrong) return { said: `; undoing it failed too: ${wrong.text}`, done: false };
  return { said: '; it was undone', done: true };
}
