import { isDeepStrictEqual } from 'node:util';
import { ConnectionLost, Unreachable } from '../../connections/errors.ts';
import type { Session } from '../../connections/session.ts';
import type { Change } from '../../decision.ts';
import { HostwrightError, messageOf } from '../../errors.ts';
import type { TaskResult } from '../../events/event.ts';
import { leftBehind, notKept } from '../../shell/frame.ts';
import type { Answer, Script } from '../../shell/script.ts';
import { doneResult, failure, result } from '../result/results.ts';
import { applyScript, failedSection, type Sent, startsOthers, withEnvironment, withKeys } from './apply-script.ts';
import { bring } from './bring.ts';
import { locked, lockFor } from './host-lock.ts';
import { followJob, type Job, jobOf, leftFields, startScript } from './job.ts';
import { look } from './look.ts';
import { limits, type ModuleRun } from './module-run.ts';
import { prove, undo, whatIsMissing } from './proof.ts';
import { reconnect, waitForOldShell } from './recover.ts';
import { cleanUp, isOver, sendChange, sendLarge } from './send-change.ts';
import { stillStanding } from './standing.ts';
import { whyStopped } from './stopped.ts';

/**
 * Applies a change and proves it. `guard`: the probed state no longer held, or the link was lost before anything was done; nothing was.
 * @param attempt the first is 1
 * @throws Unreachable if the host did not come back.
 */
export async function change(run: ModuleRun, decision: Change, attempt: number): Promise<TaskResult | 'guard'> {
  const session = await run.host.link.session(run.become);
  try {
    await session.ready();
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    await reconnect(run.host.link, run.become, 60);
    return 'guard';
  }
  const ended = run.lookAhead.change(session, run.inStep);
  await run.lookAhead.quiet(session);
  let clean = false;
  try {
    const outcome = await carryOut(run, decision, session, attempt);
    clean = outcome !== 'guard' && outcome.status === 'changed' && isOver(run, decision);
    return outcome;
  } finally {
    ended(clean);
    if (run.job?.poll === 0) run.lookAhead.unsettle(session);
  }
}

/** In the middle of a change nothing is asked for other tasks. */
function alone(run: ModuleRun): ModuleRun {
  return { ...run, upcoming: async () => [] };
}

async function carryOut(
  run: ModuleRun,
  planned: Change,
  session: Session,
  attempt: number,
): Promise<TaskResult | 'guard'> {
  const sent = await sendAhead(session, planned, run.timeout);
  if ('status' in sent) return sent;
  const decision = { ...planned, apply: withKeys(planned.apply, sent) };
  const { host } = run;
  const verify = decision.verify === 'none' ? {} : (decision.verify ?? {});
  const limit = run.timeout ?? decision.apply.limit ?? limits.apply;
  const job = jobOf(run, decision);
  const started = job ? startScript(run, job, decision).sections : [];
  let script: Script = { sections: [] };
  const make = () => {
    const inFront = applyScript(job ? { ...decision, apply: { sections: [] } } : decision, lockFor(host, session));
    script = { sections: [...withEnvironment(inFront, run.environment).sections, ...started] };
    return script;
  };
  let answer: Answer | undefined;
  try {
    answer = await sendChange(run, decision, session, make, {
      limit: job ? limits.rehearse : limit,
      stopAtFailure: true,
      watched: !decision.contained || startsOthers(run.environment),
      heard: job ? undefined : run.heard,
    });
  } catch (error) {
    if (error instanceof ConnectionLost && verify.reconnect === undefined && !job)
      return afterLoss(run, decision, session, { limit, attempt });
    if (!(error instanceof ConnectionLost)) return failedApply(run, decision, failure(error));
  }
  if (answer?.lock?.code === 0) locked(host, session);
  const stopped = answer && whyStopped(decision, script, answer);
  if (answer && stopped) {
    await cleanUp(session, decision, sent);
    return 'wrong' in stopped ? failedSections(run, decision, answer, stopped.wrong) : stopped.came;
  }
  if (job) {
    const ended = await jobEnd(run, decision, job, answer);
    if ('result' in ended) return ended.result;
    answer = ended.answer;
  }
  try {
    await bring(session, decision, run.timeout);
  } catch (error) {
    if (error instanceof ConnectionLost) throw error;
    return failure(error, { diff: decision.diff, changed: decision.apply.sections.length > 0 });
  }
  if (decision.verify === 'none') {
    const done = doneResult(decision, decision.report?.(answer ?? {}) ?? decision.result ?? {});
    return { ...done, message: done.message + leftText(answer) + notKeptText(answer) };
  }
  if (verify.reconnect !== undefined) await comeBack(run, decision, session.identity().bootId);
  return prove(alone(run), { ...decision, reason: decision.reason + leftText(answer) }, verify);
}

/**
 * What is too large for the script goes first. Where that fails, nothing of the change itself has
 * begun.
 * @throws ConnectionLost
 */
async function sendAhead(
  session: Session,
  planned: Change,
  seconds: number | undefined,
): Promise<readonly Sent[] | TaskResult> {
  const sent: Sent[] = [];
  try {
    await sendLarge(session, planned, { sent, seconds });
    return sent;
  } catch (error) {
    if (error instanceof ConnectionLost) throw error;
    await cleanUp(session, planned, sent);
    return failure(error, { diff: planned.diff });
  }
}

/** Says that a change has left a process which still prints to its shell. */
function leftText(answer: Answer | undefined): string {
  const left = answer?.[leftBehind]?.stdout;
  if (left === undefined) return '';
  return `; process ${left} that it left behind still has its output open`;
}

/** Says that a change has printed more than is kept. */
function notKeptText(answer: Answer | undefined): string {
  const bytes = answer?.[notKept]?.stdout;
  return bytes === undefined ? '' : `; ${bytes} bytes that it printed at the end were too many to keep`;
}

/**
 * Waits for a host that goes down.
 * @throws Unreachable if it did not come back. One that has not gone down at all is there to undo what was done for it.
 */
async function comeBack({ host, become, ...run }: ModuleRun, decision: Change, bootId: string): Promise<void> {
  const { reconnect: seconds = 0 } = typeof decision.verify === 'object' ? decision.verify : {};
  try {
    await reconnect(host.link, become, seconds, bootId);
  } catch (error) {
    if (!(error instanceof Unreachable) || !decision.undo || host.link.state() !== 'up') throw error;
    const undone = await undo({ host, become, ...run }, decision.undo);
    throw new Unreachable(error.code, `${error.message}${undone.said}`, { ...(error.hint && { hint: error.hint }) });
  }
}

/** What the sections of a job printed, once they are through; else what the task comes to. */
async function jobEnd(
  run: ModuleRun,
  decision: Change,
  job: Job,
  started: Answer | undefined,
): Promise<{ readonly answer: Answer } | { readonly result: TaskResult }> {
  const names = decision.apply.sections.map(({ name }) => name);
  const isLeft = job.poll === 0;
  const end = isLeft && started ? undefined : await followJob(run, job, names, isLeft);
  if (end && 'failed' in end) {
    // Of a host that is gone nothing can be asked.
    if (end.failed.status === 'lost') return { result: { ...end.failed, changed: true, diff: decision.diff } };
    return { result: await failedApply(run, decision, end.failed) };
  }
  if (!end || isLeft) return { result: doneResult(decision, leftFields(job, started)) };
  const late = `it did not end within ${job.limit} s, which "async" gives it, and was stopped`;
  const wrong = end.late ? late : failedSection(decision.apply, end.answer)?.text;
  return wrong === undefined
    ? { answer: end.answer }
    : { result: await failedSections(run, decision, end.answer, wrong) };
}

function failedSections(run: ModuleRun, decision: Change, answer: Answer, message: string): Promise<TaskResult> {
  return failedApply(run, decision, result('failed', message, { fields: decision.report?.(answer) ?? {} }));
}

/** An apply that failed has begun: the probe says what it did change. */
async function failedApply(run: ModuleRun, decision: Change, failed: TaskResult): Promise<TaskResult> {
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

/**
 * The link died in the middle of an apply, or before it, unnoticed. What ran there goes on: nothing
 * is asked before it is gone.
 */
async function afterLoss(
  run: ModuleRun,
  decision: Change,
  old: Session,
  { limit, attempt }: { readonly limit: number; readonly attempt: number },
): Promise<TaskResult | 'guard'> {
  const lost = (message: string, hint: string) => result('lost', message, { changed: true, diff: decision.diff, hint });
  try {
    await reconnect(run.host.link, run.become, 120);
    const left = await waitForOldShell(run.host.link, run.become, old.identity(), limit);
    if (left)
      return lost(
        `the connection broke in the middle, and this still runs there: ${left}`,
        'Look at it before you run again.',
      );
  } catch (error) {
    if (!(error instanceof HostwrightError)) throw error;
    return lost(
      `the connection broke in the middle of a change, and the host does not come back: ${messageOf(error)}`,
      'Whether it was done is not known.',
    );
  }
  if (decision.verify === 'none') {
    return result('failed', 'the connection broke in the middle: it may have run', {
      changed: true,
      diff: decision.diff,
      hint: 'It is not repeated by itself. Look on the host.',
    });
  }
  const looked = await look(alone(run));
  if ('result' in looked) return { ...looked.result, changed: true };
  if (looked.decision.kind === 'ok') return doneResult(decision, looked.decision.result ?? {});
  // Nothing of it was done: it is done now. A change that breaks the link each time is not tried for ever.
  const { decision: left } = looked;
  if (attempt === 1 && left.kind === 'change' && isDeepStrictEqual(left.diff, decision.diff)) return 'guard';
  return result(
    'failed',
    `the connection broke in the middle, and the change is not complete: ${whatIsMissing(looked.decision, looked.state, {})}`,
    {
      changed: true,
      diff: decision.diff,
      hint: 'Run again: what is missing will be done.',
    },
  );
}
