import type { TaskResult } from '../../events/event.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { Attempt } from '../state/outcome.ts';
import { type Placed, placeText } from '../state/position.ts';
import type { RecordedTask } from '../state/recorded.ts';
import { privilegeFor, scopeOf } from '../state/scope.ts';
import type { HostRun } from '../state/task-run.ts';
import type { Ending } from './ending.ts';
import { gatherFacts } from './gather-facts.ts';
import { namedFor, taskName } from './task-name.ts';

/** What a task came to in the run that this one continues. */
export function attemptOfRecord({ run, host }: HostRun, { result, leaves }: RecordedTask): Attempt {
  const { ignored: _, ...plain } = result;
  const { register, variables, on } = leaves;
  return {
    outcome: { result: plain },
    ...(register === undefined ? {} : { register }),
    ...(variables && { variables }),
    on: on === undefined ? host : run.fleet.host(on, run.play),
  };
}

/**
 * Looks whether the record of a host ends at a task. There its facts are gathered again: they are
 * of the time of the record.
 * @returns whether it ends here; or how the host ends, where it cannot be asked
 */
export async function endRecord(
  here: HostRun,
  given: PlannedTask,
  { at, layers }: Placed,
): Promise<boolean | Exclude<Ending, { status: 'done' | 'left' }>> {
  const { run, host } = here;
  if (!host.replay) return false;
  const name = taskName(namedFor(given, () => scopeOf(here, given, layers)));
  const place = placeText(run.place, at);
  if (host.replay.task(place, name) || !host.replay.ends(place)) return false;
  const wrong = await gatherFacts(here, () => privilegeFor(here, given));
  return wrong
    ? { status: wrong.status === 'unreachable' ? 'unreachable' : 'failed', result: wrong, task: given }
    : true;
}

/** Why a task is not run that may have run: nothing but a person can tell. */
export function mayHaveRun(run: string): TaskResult {
  return {
    status: 'failed',
    message: `the run ${run} was cut while this was at work: it may have been done`,
    hint: 'Look at the host. If it was not done, or may be done twice, resume with --repeat.',
    changed: false,
    diff: [],
    pending: [],
    fields: {},
  };
}
