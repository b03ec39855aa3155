import type { TaskResult } from '../../events/event.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { Layer } from '../../values/scope.ts';
import { setVariables } from '../state/host-state.ts';
import { unmet } from '../state/judge.ts';
import type { TaskOutcome } from '../state/outcome.ts';
import { type Placed, type Position, placeText } from '../state/position.ts';
import { privilegeFor, scopeOf } from '../state/scope.ts';
import type { HostRun } from '../state/task-run.ts';
import type { Ahead } from '../state/upcoming.ts';
import { done, type Ending, left } from './ending.ts';
import { gatherFacts } from './gather-facts.ts';
import { runTask } from './run-task.ts';
import { taskName } from './task-name.ts';

/**
 * Where a host is: its position in the play, and the variables that the loops and rescues around it
 * set.
 */
export interface Place extends Placed {
  /** What comes after it. */
  readonly after: Ahead;
}

/** Takes a host through one task, once its turn has come and as far as the others let it. */
export async function takeTask(here: HostRun, planned: PlannedTask, { at, layers, after }: Place): Promise<Ending> {
  const { run, host } = here;
  const { batch } = run;
  const { runOnce = false, throttle } = planned.settings;
  const work = () => runTask(here, planned, { at, layers });
  if (runOnce && isEligible(here, planned, layers)) batch.once.offer(String(at), host.name, work);
  await waitForOthers(here, at, batch.linear || runOnce);
  const stop = stopped(here);
  host.ahead = after;
  if (stop) return 'result' in stop ? { ...stop, task: planned } : stop;
  const shared = runOnce ? await batch.once.outcome(String(at), recordedFirst(here, planned, at)) : undefined;
  if (shared && shared.by !== host.name) return take(here, planned, shared);
  if (shared) return conclude(here, planned, shared.outcome);
  if (throttle === undefined) return conclude(here, planned, await work());
  return conclude(here, planned, await batch.throttle(planned.id, throttle).run(work));
}

/**
 * The hosts that may run a task with `run_once`: first the one that has run it in the run that this
 * one continues.
 */
function recordedFirst({ run }: HostRun, planned: PlannedTask, at: Position): readonly string[] {
  const { hosts } = run.batch;
  const ran = hosts.find(name => run.fleet.known(name)?.replay?.task(placeText(run.place, at), taskName(planned)));
  return ran === undefined ? hosts : [ran, ...hosts];
}

/**
 * The end of a block: a failure that is everyone's reaches a host before it leaves, so that the
 * block's rescue is everyone's too.
 */
export async function leaveBlock(here: HostRun, at: Position): Promise<Ending> {
  await waitForOthers(here, at, here.run.batch.linear);
  return stopped(here) ?? done;
}

/**
 * Tells where the host is and, if it must, waits for those behind it; it does not count as being at
 * work meanwhile.
 */
async function waitForOthers({ run, host }: HostRun, at: Position, wait: boolean): Promise<void> {
  const { batch } = run;
  const { name } = host;
  if (!wait) return batch.lockstep.arrive(name, at, false);
  batch.places.leave(name);
  await batch.lockstep.arrive(name, at, true);
  await batch.places.enter(name);
}

/** Why the host starts no other task, if it must not. */
function stopped({ run, host }: HostRun): Ending | undefined {
  const { signal, batch } = run;
  if (signal.aborted || batch.over || batch.budget.spent()) return left;
  const failure = batch.shared.slice(host.sharedFailures).find(({ taken }) => !taken);
  host.sharedFailures = batch.shared.length;
  if (!failure) return undefined;
  return { status: 'failed', result: failure.result, by: failure.host };
}

/**
 * The first host whose conditions hold runs a task with `run_once`. What cannot be said yet, the
 * task itself will say.
 */
function isEligible(here: HostRun, planned: PlannedTask, layers: readonly Layer[]): boolean {
  try {
    return planned.task.loop !== undefined || unmet(planned.when, scopeOf(here, planned, layers)) === undefined;
  } catch {
    return true;
  }
}

/** What another host's run of the task means for this one. */
function take(
  { host }: HostRun,
  task: PlannedTask,
  { by, outcome }: { readonly by: string; readonly outcome: TaskOutcome },
): Ending {
  const { result, variables = {}, included = [], next } = outcome;
  setVariables(host, variables, included);
  if (hasFailed(result)) return { status: 'failed', result, by, task };
  return next ? { ...done, next } : done;
}

async function conclude(here: HostRun, task: PlannedTask, { result, next }: TaskOutcome): Promise<Ending> {
  const { run, host } = here;
  if (hasFailed(result)) {
    if (task.settings.anyErrorsFatal) {
      run.batch.shared.push({ host: host.name, result, taken: task.settings.runOnce ?? false });
      host.sharedFailures = run.batch.shared.length;
    }
    return { status: result.status, result, task };
  }
  // Facts are of the boot in which they were gathered.
  if (result.changed && !run.check && run.modules.get(task.task.module)?.settles === 'reboot') {
    await gatherFacts(here, () => privilegeFor(here, task));
  }
  return next ? { ...done, next } : done;
}

type Failed = TaskResult & { readonly status: 'failed' | 'unreachable' | 'lost' };

function hasFailed(result: TaskResult): result is Failed {
  return (result.status === 'failed' || result.status === 'unreachable' || result.status === 'lost') && !result.ignored;
}
