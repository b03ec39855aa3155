import { type PlannedStep, tasksOf } from '../../plan/plan.ts';
import { sightOf } from '../ahead/upcoming-tasks.ts';
import type { HostState } from '../state/host-state.ts';
import type { PlayRun } from '../state/play-run.ts';
import { privilegeFor } from '../state/scope.ts';
import type { Ending } from '../task/ending.ts';
import { gatherFacts } from '../task/gather-facts.ts';
import { flushHandlers } from '../task/handlers.ts';
import { takeSteps } from '../task/steps.ts';

/** Takes one host through stages of a play at its own speed: facts, then each stage and the handlers that it notified. */
export async function runHost(
  run: PlayRun,
  host: HostState,
  stages: readonly (readonly PlannedStep[])[],
): Promise<void> {
  await run.batch.places.enter(host.name);
  const [first] = tasksOf(stages.flat());
  const facts = await gatherFacts(host, run.facts, () => first && privilegeFor(run, host, first));
  if (facts) {
    const unreachable = facts.status === 'unreachable';
    if (!unreachable) run.events.emit({ type: 'host.failed', host: host.name, message: facts.message });
    return end(run, host, { status: unreachable ? 'unreachable' : 'failed', result: facts });
  }
  for (const [index, stage] of stages.entries()) {
    const after = () => sightOf(run, host, stages.slice(index + 1).flat(), []);
    const ending = await takeSteps(run, host, stage, { at: [index, 0], layers: [], after });
    const handled = ending.status === 'done' ? await flushHandlers(run, host, [index, 1]) : ending;
    if (handled.status === 'done') continue;
    if (ending.status === 'failed' && forced(run)) await flushHandlers(run, host, [index, 1]);
    return end(run, host, handled);
  }
}

/** Whether a host that failed runs its handlers all the same. */
function forced({ play, forceHandlers }: PlayRun): boolean {
  return play.play.forceHandlers ?? forceHandlers;
}

function end(run: PlayRun, host: HostState, ending: Ending): void {
  const { events, batch } = run;
  if (!('result' in ending)) {
    const reason = batch.budget.spent();
    if (reason !== undefined) stop(run, host, reason);
    return;
  }
  const { message, hint } = ending.result;
  if (ending.by !== undefined) {
    stop(run, host, `${ending.by} has failed: ${message}`);
    return;
  }
  host.status = ending.status;
  batch.budget.spend();
  if (ending.status !== 'unreachable') return;
  events.emit({ type: 'host.unreachable', host: host.name, message, ...(hint === undefined ? {} : { hint }) });
}

/** The host is well, and goes no further because of others. */
function stop({ events }: PlayRun, host: HostState, reason: string): void {
  host.status = 'stopped';
  events.emit({ type: 'host.stopped', host: host.name, reason });
}
