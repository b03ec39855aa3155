import { ConnectionLost, Unreachable } from '../../connections/errors.ts';
import type { Session } from '../../connections/session.ts';
import { type Change, reconnectsAfter } from '../../decision.ts';
import type { TaskResult } from '../../events/event.ts';
import { leftBehind, notKept } from '../../shell/frame.ts';
import type { Answer, Script } from '../../shell/script.ts';
import { doneResult, failure } from '../result/results.ts';
import { applyScript, failedSection, type Sent, startsOthers, withEnvironment, withNames } from './apply-script.ts';
import { bring } from './bring.ts';
import { afterLoss, alone, failedApply, failedSections } from './failed-change.ts';
import { locked, lockFor } from './host-lock.ts';
import { followJob, type Job, jobOf, leftFields, startScript } from './job.ts';
import { limits, type ModuleRun } from './module-run.ts';
import { prove, undo } from './proof.ts';
import { reconnect } from './recover.ts';
import { cleanUp, isOver, sendChange, sendLarge } from './send-change.ts';
import { whyStopped } from './stopped.ts';

/**
 * Applies a change and proves it. `guard`: the probed state no longer held, or the link was lost
 * before anything was done; nothing was.
 * @param attempt the first is 1
 * @throws Unreachable if the host did not come back.
 */
export async function change(run: ModuleRun, decision: Change, attempt: number): Promise<TaskResult | 'guard'> {
  const session = await run.host.link.session(run.become);
  try {
    await session.ready();
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    await reconnect(run, 60);
    return 'guard';
  }
  const ended = run.lookAhead.change(session, run.inStep);
  let clean = false;
  try {
    await Promise.all([run.lookAhead.quiet(session), run.announce(decision)]);
    const outcome = await carryOut(run, decision, { session, attempt });
    clean = outcome !== 'guard' && outcome.status === 'changed' && isOver(run, decision);
    return outcome;
  } finally {
    ended(clean);
    if (run.job?.poll === 0) run.lookAhead.unsettle(session);
  }
}

/** A change that is being carried out: what its steps share. */
interface Applying {
  readonly run: ModuleRun;
  readonly decision: Change;
  readonly session: Session;
  /** What has gone ahead of it. */
  readonly sent: readonly Sent[];
  readonly job: Job | undefined;
  /** Seconds that the apply may take. */
  readonly limit: number;
  /** The first is 1. */
  readonly attempt: number;
}

/** What the host answered, if the link lived to hear it; or what the task comes to already. */
type Step = { readonly answer: Answer | undefined } | { readonly ended: TaskResult | 'guard' };

async function carryOut(
  run: ModuleRun,
  planned: Change,
  at: Pick<Applying, 'session' | 'attempt'>,
): Promise<TaskResult | 'guard'> {
  const sent = await sendAhead(at.session, planned, run.timeout);
  if ('status' in sent) return sent;
  const decision = { ...planned, apply: withNames(planned, sent, run.keptBy) };
  const limit = run.timeout ?? decision.apply.limit ?? limits.apply;
  const applying = { ...at, run, decision, sent, job: jobOf(run, decision), limit };
  const begun = await send(applying);
  const through = applying.job && !('ended' in begun) ? await jobEnd(applying, applying.job, begun.answer) : begun;
  return 'ended' in through ? through.ended : outcome(applying, through.answer);
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

/** Sends guard, contents and apply in one script. */
async function send(applying: Applying): Promise<Step> {
  const { run, decision, session, sent, job, limit } = applying;
  const started = job ? startScript(run, job, decision).sections : [];
  let script: Script = { sections: [] };
  const make = () => {
    const inFront = applyScript(job ? { ...decision, apply: { sections: [] } } : decision, lockFor(run.host, session));
    script = { sections: [...withEnvironment(inFront, run.environment).sections, ...started] };
    return script;
  };
  let answer: Answer;
  try {
    answer = await sendChange({ run, decision, session }, make, {
      limit: job ? limits.rehearse : limit,
      stopAtFailure: true,
      watched: !decision.contained || startsOthers(run.environment),
      heard: job ? undefined : run.heard,
    });
  } catch (error) {
    if (!(error instanceof ConnectionLost)) return { ended: await failedApply(applying, failure(error)) };
    // A host that goes down takes the link with it, and a job outlives it.
    const isForeseen = job !== undefined || reconnectsAfter(decision);
    return isForeseen ? { answer: undefined } : { ended: await afterLoss(applying) };
  }
  if (answer.lock?.code === 0) locked(run.host, session);
  const stopped = whyStopped(decision, script, answer);
  if (!stopped) return { answer };
  await cleanUp(session, decision, sent);
  return { ended: 'wrong' in stopped ? await failedSections(applying, answer, stopped.wrong) : stopped.came };
}

/** What the sections of a job printed, once they are through; else what the task comes to. */
async function jobEnd(applying: Applying, job: Job, started: Answer | undefined): Promise<Step> {
  const { run, decision } = applying;
  const names = decision.apply.sections.map(({ name }) => name);
  const isLeft = job.poll === 0;
  const end = isLeft && started ? undefined : await followJob(run, job, { names, once: isLeft });
  if (end && 'failed' in end) {
    // Of a host that is gone nothing can be asked.
    if (end.failed.status === 'lost') return { ended: { ...end.failed, changed: true, diff: decision.diff } };
    return { ended: await failedApply(applying, end.failed) };
  }
  if (!end || isLeft) return { ended: doneResult(decision, leftFields(job, started)) };
  const late = `it did not end within ${job.limit} s, which "async" gives it, and was stopped`;
  const wrong = end.late ? late : failedSection(decision.apply, end.answer)?.text;
  return wrong === undefined ? { answer: end.answer } : { ended: await failedSections(applying, end.answer, wrong) };
}

/** What is left to do once an apply is through: what it fetches, and the proof. */
async function outcome({ run, decision, session }: Applying, answer: Answer | undefined): Promise<TaskResult> {
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
  if (reconnectsAfter(decision)) await comeBack(run, decision, session.identity().bootId);
  return prove(alone(run), { ...decision, reason: decision.reason + leftText(answer) }, decision.verify ?? {});
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
 * @throws Unreachable if it did not come back. One that has not gone down at all is there to undo
 * what was done for it.
 */
async function comeBack({ host, become, ...run }: ModuleRun, decision: Change, bootId: string): Promise<void> {
  const { reconnect: seconds = 0 } = typeof decision.verify === 'object' ? decision.verify : {};
  try {
    await reconnect({ host, become }, seconds, bootId);
  } catch (error) {
    if (!(error instanceof Unreachable) || !decision.undo || host.link.state() !== 'up') throw error;
    const undone = await undo({ host, become, ...run }, decision.undo);
    throw new Unreachable(error.code, `${error.message}${undone.said}`, { ...(error.hint && { hint: error.hint }) });
  }
}
