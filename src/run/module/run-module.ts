import { ConnectionLost } from '../../connections/errors.ts';
import type { Change, Ok, Refuse } from '../../decision.ts';
import type { TaskResult } from '../../events/event.ts';
import { changedResult, result } from '../result/results.ts';
import { failedSection } from './apply-script.ts';
import { change } from './change.ts';
import { refusalText, refused } from './consent.ts';
import { leaveOk } from './job.ts';
import { look } from './look.ts';
import { limits, type ModuleRun } from './module-run.ts';
import { excuse, isSure } from './predictions.ts';
import { reconnect } from './recover.ts';

/**
 * Brings one module's part of a host to its stated condition: probe, decide, and where something
 * differs apply and verify. All that no module can get wrong is here: check mode, consent, guards,
 * the verdict "did not converge".
 * @throws Unreachable, ConnectionLost if the host cannot be asked.
 */
export async function runModule(run: ModuleRun): Promise<TaskResult> {
  for (let attempt = 1; ; attempt += 1) {
    const looked = await look(run);
    if ('result' in looked) return looked.result;
    const { decision } = looked;
    const other = run.review(decision);
    if (other) return other;
    if (decision.kind === 'ok') return asIs(run, decision);
    if (decision.kind === 'refuse') return (await foreseen(run, decision)) ?? refuseResult(run, decision);
    const stopped = await beforeApply(run, decision).catch((error: unknown) => lookAgain(run, error, attempt));
    if (stopped === 'again') continue;
    if (stopped) return stopped;
    const outcome = await run.down.during(decision.hazards ?? [], run.host.name, () => change(run, decision, attempt));
    if (outcome !== 'guard') return run.module.waits ? asWait(outcome) : outcome;
    if (attempt === 3) {
      return result('failed', 'the host was changed by someone else between looking and acting, three times', {
        hint: 'Look who else works on it, and run again.',
      });
    }
  }
}

/** The link died before anything began: what is there now is looked at again. */
async function lookAgain({ host, become }: ModuleRun, error: unknown, attempt: number): Promise<'again'> {
  if (!(error instanceof ConnectionLost) || attempt === 3) throw error;
  await reconnect({ host, become }, 60);
  return 'again';
}

/** Waiting alters nothing. */
function asWait(outcome: TaskResult): TaskResult {
  return { ...outcome, changed: false, diff: [], status: outcome.status === 'changed' ? 'ok' : outcome.status };
}

/** The host is as it should be; a change that was cut is made, and counts as that. */
async function asIs(run: ModuleRun, decision: Ok): Promise<TaskResult> {
  if (run.job?.poll === 0 && !run.check) return leaveOk(run, decision);
  const done = okResult(decision);
  if (!run.begun) return done;
  return { ...done, status: 'changed', changed: true, message: `done by the run ${run.begun.run} before it was cut` };
}

function okResult(decision: Ok): TaskResult {
  return result('ok', decision.reason, { pending: decision.pending ?? [], fields: decision.result ?? {} });
}

/** Check mode: what the task does once an earlier one has made what it needs. */
async function foreseen(run: ModuleRun, { needs = [], once }: Refuse): Promise<TaskResult | undefined> {
  return run.check && once && isSure(needs, run.host.predicted) ? beforeApply(run, once) : undefined;
}

function refuseResult(run: ModuleRun, { message, advice, needs, result: fields = {} }: Refuse): TaskResult {
  return excuse(run, needs ?? []) ?? result('failed', message, { hint: advice, fields });
}

/** Consent, rehearsal and check mode: whatever ends a task before anything is written. */
async function beforeApply(run: ModuleRun, decision: Change): Promise<TaskResult | undefined> {
  const { host, check, consent } = run;
  const denied = refused(decision.hazards ?? [], consent);
  if (denied.length > 0) {
    const { message, hint } = refusalText(denied);
    if (run.ifPending) return result('skipped', message, { hint, pending: [...run.context.pending] });
    return result('failed', message, { hint, diff: decision.diff });
  }
  if (decision.rehearse) {
    const session = await host.link.session(run.become);
    const answer = await session.run(decision.rehearse, {
      limit: decision.rehearse.limit ?? limits.rehearse,
      stopAtFailure: true,
    });
    const wrong = failedSection(decision.rehearse, answer);
    if (wrong)
      return result('failed', `the change was rehearsed and is not valid: ${wrong.text}`, { diff: decision.diff });
  }
  const left = Object.entries(decision.leaves ?? {});
  if (!check) {
    // The host has it, and need not be told of it.
    for (const [key] of left) host.foretold.delete(key);
    return undefined;
  }
  if (run.module.waits) return result('unknown', decision.reason);
  host.predicted.push(...(decision.creates ?? []), ...(decision.alters ?? []), ...(decision.removes ?? []));
  for (const [key, text] of left) host.foretold.set(key, text);
  const foretold = { ...decision, reason: decision.inCheck ?? decision.reason };
  const foreseen = changedResult(foretold, decision.result ?? {});
  return decision.undecided ? { ...foreseen, undecided: true } : foreseen;
}
