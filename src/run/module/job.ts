import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { ConnectionLost } from '../../connections/errors.ts';
import type { Session } from '../../connections/session.ts';
import { type Change, type Ok, reconnectsAfter } from '../../decision.ts';
import { certain, HostwrightError, messageOf } from '../../errors.ts';
import type { TaskResult } from '../../events/event.ts';
import type { JobTerms } from '../../language/model.ts';
import { type AboutJob, askJob, type JobState, removeJob, startJob } from '../../shell/job.ts';
import { sh } from '../../shell/quote.ts';
import { type Answer, type Script, script } from '../../shell/script.ts';
import { milliseconds } from '../../timers.ts';
import { result } from '../result/results.ts';
import { withEnvironment } from './apply-script.ts';
import { locked, lockFor } from './host-lock.ts';
import { followOutput } from './job-output.ts';
import { limits, type ModuleRun } from './module-run.ts';
import { reconnect, waitForOldShell } from './recover.ts';

/** One job of a task with `async`. */
export interface Job extends JobTerms {
  readonly id: string;
}

/** Seconds to bring a long output of a job over a slow link. */
const askLimit = 600;

/**
 * The job that a change runs as; undefined where it does not: what cuts the connection itself
 * proves itself, and no sections are not work.
 */
export function jobOf(run: ModuleRun, decision: Change): Job | undefined {
  if (!run.job || decision.apply.sections.length === 0 || reconnectsAfter(decision)) return undefined;
  return newJob(run, run.job);
}

function newJob({ timeout }: ModuleRun, { limit, poll }: JobTerms): Job {
  const id = `j${String(randomInt(2 ** 47)).padStart(15, '0')}`;
  return { id, limit: timeout === undefined || poll === 0 ? limit : Math.min(limit, timeout), poll };
}

/** Starts a change as a job. */
export function startScript(run: ModuleRun, job: Job, { apply, report }: Change): Script {
  const { cmd } = report?.({}) ?? {};
  const about: AboutJob = { changed: true, ...(typeof cmd === 'string' && { cmd }) };
  return script({ 'start job': startJob(job.id, withEnvironment(apply, run.environment).sections, job.limit, about) });
}

/**
 * The result of a task that the run does not wait for; `started` is what its start printed, where
 * that came through.
 */
export function leftFields(job: Job, started: Answer | undefined): Readonly<Record<string, unknown>> {
  const folder = started?.['start job']?.stdout ?? `~/.hostwright_async/${job.id}`;
  return { ansible_job_id: job.id, started: true, finished: false, results_file: folder };
}

/**
 * With `poll: 0` whatever comes later asks a job: where there is nothing to run, a job only says
 * so.
 */
export async function leaveOk(run: ModuleRun, { reason, result: fields = {}, pending = [] }: Ok): Promise<TaskResult> {
  const job = newJob(run, certain(run.job, 'the job'));
  const { cmd, rc, stdout, stderr } = fields;
  const text = sh`printf %s ${String(stdout ?? '')}; printf %s ${String(stderr ?? '')} >&2; exit ${Number(rc ?? 0)}`;
  const about: AboutJob = { changed: false, ...(typeof cmd === 'string' && { cmd }) };
  const session = await run.host.link.session(run.become);
  const start = script({ 'start job': startJob(job.id, [{ name: 'run', text: text.text }], job.limit, about) });
  const answer = await session.run(start, { limit: limits.probe, stopAtFailure: true });
  if (answer['start job']?.code !== 0)
    return result('failed', `its job could not be kept: ${answer['start job']?.stderr.trim()}`);
  return result('ok', reason, { pending, fields: leftFields(job, answer) });
}

/** The outcome of a job: the answer of its sections, or why there is none. */
export type JobEnd = { readonly answer: Answer; readonly late: boolean } | { readonly failed: TaskResult };

/** What is asked of a job: its sections by name, and whether to wait for them. */
interface Asked {
  readonly names: readonly string[];
  readonly once: boolean;
}

/**
 * Asks a job until it is over, and takes its files away; with `once`, only whether it was started.
 * A link that dies is made again: the job goes on meanwhile.
 */
export async function followJob(run: ModuleRun, job: Job, { names, once }: Asked): Promise<JobEnd> {
  // Short jobs need not wait for the first of long pauses.
  const output = followOutput(run.heard);
  for (let pause = 0.2; ; pause = Math.min(pause * 2, Math.max(job.poll, 0.2))) {
    const asked = await askOnce(run, job, askJob(job.id, names, output.known()));
    if ('failed' in asked) return asked;
    const { session, answer } = asked;
    output.take(answer);
    const state = answer['job state']?.stdout as JobState | undefined;
    if (once && state !== 'none') return { answer: {}, late: false };
    if (state === 'done' || state === 'late') {
      const sections = Object.fromEntries(Object.entries(answer).filter(([name]) => names.includes(name)));
      output.takeAll(sections);
      await session.run(script({ remove: removeJob(job.id) }), { limit: limits.probe }).catch(() => undefined);
      return { answer: sections, late: state === 'late' };
    }
    const wrong = state === 'running' ? undefined : failureOf(job, state, answer);
    if (wrong) return { failed: wrong };
    await setTimeout(milliseconds(pause));
  }
}

function failureOf({ id }: Job, state: JobState | undefined, answer: Answer): TaskResult {
  if (state === 'none') {
    return result('failed', 'the connection broke before the job was started: nothing was done', {
      hint: 'Run again.',
    });
  }
  if (state === 'gone') {
    return result('failed', `the job ${id} ended without a result: it was killed, or the host was restarted`, {
      hint: 'Look on the host how far it came, and run again.',
    });
  }
  return result('failed', `the job ${id} cannot be asked: ${answer['job state']?.stderr.trim()}`, {
    hint: 'It is still running; check it on the host.',
  });
}

async function askOnce(
  run: ModuleRun,
  job: Job,
  question: Script,
): Promise<{ readonly session: Session; readonly answer: Answer } | { readonly failed: TaskResult }> {
  for (;;) {
    const session = await run.host.link.session(run.become);
    try {
      return { session, answer: await session.run(question, { limit: askLimit, stopAtFailure: true }) };
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
    }
    try {
      await comeBack(run, session);
    } catch (error) {
      // The new link may die as well: the job goes on all the same.
      if (error instanceof ConnectionLost) continue;
      if (!(error instanceof HostwrightError)) throw error;
      const message =
        `the connection broke while the job ${job.id} ran, and the host does not come back: ` + `${messageOf(error)}`;
      return { failed: result('lost', message, { hint: 'Ask it later: async_status with this jid.' }) };
    }
  }
}

/**
 * The old shell may still be about to start the job, and has the lock of the host until it is gone.
 */
async function comeBack({ host, become }: ModuleRun, old: Session): Promise<void> {
  await reconnect({ host, become }, 120);
  await waitForOldShell({ host, become }, old.identity(), 60);
  const session = await host.link.session(become);
  const lock = lockFor(host, session);
  if (!lock) return;
  const answer = await session.run(script({ lock }), { limit: limits.probe });
  if (answer.lock?.code === 0) locked(host, session);
}
