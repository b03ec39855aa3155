import { NotBecome, Unreachable } from '../../connections/errors.ts';
import { defaultRetry } from '../../language/parse/parse-settings.ts';
import type { AnyModule } from '../../modules/module.ts';
import { keywordValue } from '../../plan/keyword-value.ts';
import { privilegeOf } from '../../plan/privilege.ts';
import type { SettledTask } from '../../plan/settle-task.ts';
import type { Heard } from '../../shell/frame.ts';
import type { Scope } from '../../values/scope.ts';
import { timePassed } from '../ahead/upcoming-probes.ts';
import { failure, registered, result } from '../result/results.ts';
import { argumentsOf } from '../state/arguments.ts';
import type { HostState } from '../state/host-state.ts';
import { judge, ownResult, unmet } from '../state/judge.ts';
import type { Attempt } from '../state/outcome.ts';
import type { PlayRun } from '../state/play-run.ts';
import { scopeOf } from '../state/scope.ts';
import { runOnHost } from './call-module.ts';
import { delegateOf } from './delegate.ts';
import { applyEffect } from './effects.ts';
import { pause } from './pause.ts';
import { hearPrinted } from './printed.ts';
import { taskName } from './task-name.ts';

/** Statuses after which `until` has nothing to say. */
const final: ReadonlySet<string> = new Set(['skipped', 'unknown', 'unreachable', 'lost']);

/** Runs a task, or one item of its loop, as often as its `until` asks. */
export async function attemptTask(
  run: PlayRun,
  host: HostState,
  planned: SettledTask,
  scope: Scope,
  retrying: (attempt: number, of: number) => void,
): Promise<Attempt> {
  const { retry } = planned.task;
  if (!retry) return attemptOnce(run, host, planned, scope);
  for (let count = 1; ; count += 1) {
    const attempt = await attemptOnce(run, host, planned, scope);
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
    retrying(count, most);
    await pause(Number(keywordValue('delay', retry.delay, scope) ?? defaultRetry.delay), run.signal);
    timePassed(run, host, attempt.on);
  }
}

async function attemptOnce(run: PlayRun, host: HostState, planned: SettledTask, scope: Scope): Promise<Attempt> {
  const condition = unmet(planned.when, scope);
  if (condition) return { outcome: { result: result('skipped', `not so: ${condition.text}`) } };
  const { task } = planned;
  const action = run.actions.get(task.module);
  const callable = action ?? run.modules.get(task.module)!;
  const args = argumentsOf(planned, callable, scope);
  const on = delegateOf(run, host, planned, scope);
  if (action) {
    const { verbosity } = run;
    const acted = action.run(args as never, { scope, verbosity, variablesPath: planned.searchPath.variables });
    if (acted.effect) await applyEffect(run, on, acted.effect);
    const { next, variables = {}, included = [] } = acted;
    const outcome = { result: judge(planned, scope, acted.result, false), ...(next && { next }) };
    return { outcome, variables, included, on };
  }
  try {
    const variables = on === host ? scope : scopeOf(run, on, planned, []);
    const privilege = privilegeOf(planned.become, scope, variables);
    const attempt = await tellPrinted(run, host, planned, heard =>
      runOnHost(run, on, planned, { scope, privilege, heard }, callable as AnyModule, args),
    );
    return { ...attempt, on };
  } catch (error) {
    if (on === host || !(error instanceof Unreachable || error instanceof NotBecome)) throw error;
    return {
      outcome: { result: failure(error, { message: `${on.name}, which it is delegated to: ${error.message}` }) },
    };
  }
}

/** Tells what a task prints while it is at work; nothing with `no_log`. */
async function tellPrinted<T>(
  { events }: PlayRun,
  host: HostState,
  planned: SettledTask,
  work: (heard: Heard | undefined) => Promise<T>,
): Promise<T> {
  if (planned.settings.noLog) return work(undefined);
  const { heard, end } = hearPrinted(lines =>
    events.emit({ type: 'task.output', host: host.name, task: taskName(planned), ...lines }),
  );
  return work(heard).finally(end);
}
