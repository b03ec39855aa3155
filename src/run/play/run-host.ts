import { HostwrightError, messageOf } from '../../errors.ts';
import type { PlannedStep } from '../../plan/plan.ts';
import { tasksOf } from '../../plan/walk.ts';
import { tasksAhead } from '../ahead/upcoming-tasks.ts';
import { isSameTask } from '../state/left-over.ts';
import type { PlayRun } from '../state/play-run.ts';
import { privilegeFor } from '../state/scope.ts';
import type { HostRun } from '../state/task-run.ts';
import type { Ending } from '../task/ending.ts';
import { gatherFacts } from '../task/gather-facts.ts';
import { flushHandlers } from '../task/handlers.ts';
import { takeSteps } from '../task/steps.ts';
import { taskName } from '../task/task-name.ts';

/** The stages that a host is taken through. */
export interface Course {
  readonly stages: readonly (readonly PlannedStep[])[];
  /** Says of a host that nothing comes for it after these stages: its connections can go. */
  readonly isLast: (host: string) => boolean;
}

/**
 * Takes one host through stages of a play at its own speed: facts, then each stage and the handlers
 * that it notified. Whatever is thrown becomes its result.
 */
export async function runHost(here: HostRun, { stages, isLast }: Course): Promise<void> {
  const { run, host } = here;
  host.sharedFailures = 0;
  takeOwed(here);
  try {
    if (run.signal.aborted || !(await enter(here, stages))) return;
    for (const [index, stage] of stages.entries()) {
      const after = () => tasksAhead(here, stages.slice(index + 1).flat(), { layers: [] });
      const ending = await takeSteps(here, stage, { at: [index, 0], layers: [], after });
      const handled = ending.status === 'done' ? await flushHandlers(here, [index, 1]) : ending;
      if (handled.status === 'done') continue;
      if (ending.status === 'failed' && forced(run)) await flushHandlers(here, [index, 1]);
      if (!end(here, handled)) return;
      break;
    }
    if (!run.place.gate) host.plays += 1;
  } catch (error) {
    host.status = 'failed';
    run.batch.budget.spend();
    const text = error instanceof HostwrightError ? error.message : `a defect in Hostwright: ${stackOf(error)}`;
    run.events.emit({ type: 'host.failed', host: host.name, message: text });
  } finally {
    leave(here, isLast(host.name));
  }
}

/** Handlers that earlier runs have left, and that the play has too, are notified. */
function takeOwed({ run, host }: HostRun): void {
  const { leftOver } = host;
  if (!leftOver) return;
  const names = run.play.handlers.map(taskName).filter(name => leftOver.owed.some(owed => isSameTask(owed, name)));
  for (const name of names) host.notified.set(name.id, name);
  host.leftOver = { ...leftOver, owed: leftOver.owed.filter(owed => !names.some(name => isSameTask(owed, name))) };
}

/** Waits for the host's place and gathers its facts; false where it goes no further. */
async function enter(here: HostRun, stages: readonly (readonly PlannedStep[])[]): Promise<boolean> {
  const { run, host } = here;
  await run.batch.places.enter(host.name);
  const [first] = tasksOf(stages.flat());
  const facts = await gatherFacts(here, () => first && privilegeFor(here, first));
  if (!facts) return true;
  const unreachable = facts.status === 'unreachable';
  if (!unreachable) run.events.emit({ type: 'host.failed', host: host.name, message: facts.message });
  end(here, { status: unreachable ? 'unreachable' : 'failed', result: facts });
  return false;
}

/** Lets the others go on without the host; after its last play its connections are given up. */
function leave({ run, host }: HostRun, last: boolean): void {
  run.batch.lockstep.leave(host.name);
  run.batch.places.leave(host.name);
  if (!last) return;
  run.lookAhead.leave(host.link.all());
  host.link.reset();
}

/** Whether a host that failed runs its handlers all the same. */
function forced({ play, forceHandlers }: PlayRun): boolean {
  return play.play.forceHandlers ?? forceHandlers;
}

/** @returns whether the host is through because a task says that its play ends here. */
function end(here: HostRun, ending: Ending): boolean {
  const { run, host } = here;
  const { events, batch } = run;
  if (!('result' in ending)) {
    const reason = batch.budget.spent();
    if (reason !== undefined) stop(here, reason);
    return reason === undefined && !run.signal.aborted;
  }
  const { message, hint } = ending.result;
  if (ending.by !== undefined) {
    stop(here, `${ending.by} has failed: ${message}`);
    return false;
  }
  host.status = ending.status;
  batch.budget.spend();
  if (ending.status === 'unreachable')
    events.emit({ type: 'host.unreachable', host: host.name, message, ...(hint === undefined ? {} : { hint }) });
  return false;
}

/** The host is well, and goes no further because of others. */
function stop({ run, host }: HostRun, reason: string): void {
  host.status = 'stopped';
  run.events.emit({ type: 'host.stopped', host: host.name, reason });
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
}
