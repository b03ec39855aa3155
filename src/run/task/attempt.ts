import { NotBecome, Unreachable } from '../../connections/errors.ts';
import { certain } from '../../errors.ts';
import type { Retry } from '../../language/model.ts';
import { defaultRetry } from '../../language/parse/parse-settings.ts';
import type { AnyModule } from '../../modules/module.ts';
import { keywordValue } from '../../plan/keyword-value.ts';
import { ownResult } from '../../plan/layers.ts';
import { privilegeOf } from '../../plan/privilege.ts';
import { timePassed } from '../ahead/upcoming-probes.ts';
import { announceTo } from '../module/announce.ts';
import { failure, fromError, registered, result } from '../result/results.ts';
import { argumentsOf } from '../state/arguments.ts';
import { judge, unmet } from '../state/judge.ts';
import type { Attempt } from '../state/outcome.ts';
import { scopeOf } from '../state/scope.ts';
import type { TaskRun } from '../state/task-run.ts';
import { callModule } from './call-module.ts';
import { delegateOf } from './delegate.ts';
import { applyEffect } from './effects.ts';
import { pause } from './pause.ts';
import { hearPrinted, type Printed } from './printed.ts';

/** Statuses after which `until` has nothing to say. */
const final: ReadonlySet<string> = new Set(['skipped', 'unknown', 'unreachable', 'lost']);

/** Runs a task, or one item of its loop, as often as its `until` asks. */
export async function retryTask(task: TaskRun, retry: Retry): Promise<Attempt> {
  const { run, host, name, planned, scope } = task;
  for (let count = 1; ; count += 1) {
    const attempt = await attemptTask(task);
    const { result: came } = attempt.outcome;
    // In check mode the real result, which `until` would look at, is not known.
    if (final.has(came.status) || attempt.register !== undefined) return attempt;
    const counted = { ...came, fields: { ...came.fields, attempts: count } };
    const missing = unmet(retry.until, scope.with(ownResult(planned, registered(counted))));
    if (retry.until.length > 0 ? missing === undefined : came.status !== 'failed')
      return { outcome: { result: counted } };
    const most = Number(keywordValue('retries', retry.retries, scope) ?? defaultRetry.retries) + 1;
    if (count === most || run.signal.aborted) {
      const message =
        missing === undefined ? came.message : `after ${count} attempts this does not hold: ${missing.text}`;
      return { outcome: { result: { ...counted, status: 'failed', message } } };
    }
    run.events.emit({ type: 'task.retrying', host: host.name, task: name, attempt: count, of: most });
    await pause(Number(keywordValue('delay', retry.delay, scope) ?? defaultRetry.delay), run.signal);
    timePassed(task, attempt.on);
  }
}

/** Runs a task, or one item of its loop. */
export async function attemptTask(task: TaskRun): Promise<Attempt> {
  const { run, host, planned, scope } = task;
  const condition = unmet(planned.when, scope);
  if (condition) return { outcome: { result: result('skipped', `condition not met: ${condition.text}`) } };
  const { module: called } = planned.task;
  const action = run.actions.get(called);
  const callable = action ?? certain(run.modules.get(called), `the module ${called}`);
  const args = argumentsOf(planned, callable, scope);
  const on = delegateOf(task);
  if (action) {
    const { verbosity } = run;
    const acted = action.run(args as never, { scope, verbosity, variablesPath: planned.searchPath.variables });
    if (acted.effect) await applyEffect({ run, host: on }, acted.effect);
    const { next, variables = {}, included = [] } = acted;
    const outcome = { result: judge(planned, scope, acted.result, false), ...(next && { next }) };
    return { outcome, variables, included, on };
  }
  const printed = planned.settings.noLog ? undefined : hearTask(task);
  try {
    const variables = on === host ? scope : scopeOf({ run, host: on }, planned, []);
    const privilege = privilegeOf(planned.become, scope, variables);
    const module = callable as AnyModule;
    const attempt = await callModule(
      { ...task, host: on },
      {
        module,
        args,
        privilege,
        of: host,
        announce: announceTo(on, task, privilege),
        begun: host.replay?.begun(task.place),
        heard: printed?.heard,
      },
    );
    return { ...attempt, on };
  } catch (error) {
    if (on === host || !(error instanceof Unreachable || error instanceof NotBecome)) throw error;
    return {
      outcome: { result: failure(error, { message: `delegated to ${on.name}: ${error.message}` }) },
    };
  } finally {
    printed?.end();
  }
}

/** Tells what a task prints while it is at work. */
function hearTask({ run, host, name }: TaskRun): Printed {
  return hearPrinted(lines => run.events.emit({ type: 'task.output', host: host.name, task: name, ...lines }));
}

/** What was thrown, as an attempt that failed. */
export function attemptOf(error: unknown): Attempt {
  return { outcome: { result: fromError(error) } };
}
