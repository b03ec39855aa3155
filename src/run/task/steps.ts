import { failureLayer, itemLayer } from '../../plan/layers.ts';
import { loopItems } from '../../plan/loop-items.ts';
import type { PlannedBlock, PlannedLoop, PlannedStep } from '../../plan/plan.ts';
import { tasksOf } from '../../plan/walk.ts';
import { UnknownValue } from '../../values/errors.ts';
import type { Layer } from '../../values/scope.ts';
import type { Next } from '../actions/action.ts';
import { loopAhead, tasksAhead } from '../ahead/upcoming-tasks.ts';
import { registered } from '../result/results.ts';
import { unmet } from '../state/judge.ts';
import { type Position, placeText } from '../state/position.ts';
import { scopeOf } from '../state/scope.ts';
import type { HostRun } from '../state/task-run.ts';
import { done, type Ending, left } from './ending.ts';
import { flushHandlers } from './handlers.ts';
import { pauseBetween } from './loop.ts';
import { passRecordEnd } from './record-end.ts';
import { leaveBlock, type Place, takeTask } from './step.ts';
import { taskName } from './task-name.ts';

/** Takes a host through steps in order, until one of them ends it. */
export async function takeSteps(
  here: HostRun,
  steps: readonly PlannedStep[],
  { at, layers, after }: Place,
): Promise<Ending> {
  for (const [index, step] of steps.entries()) {
    const ahead = () => tasksAhead(here, steps.slice(index + 1), { layers, after });
    const place: Place = { at: [...at, index], layers, after: ahead };
    const begun = step.kind === 'task' ? await passRecordEnd(here, step, place) : done;
    if (begun.status !== 'done') return begun;
    const ending = step.kind === 'task' ? await takeTask(here, step, place) : await takeGroup(here, step, place);
    if (ending.status !== 'done') return ending;
    const then = ending.next ? await follow(here, ending.next, place.at) : done;
    if (then.status !== 'done') return then;
  }
  return done;
}

/** What a task asks for once it is done. */
function follow(here: HostRun, next: Next, at: Position): Promise<Ending> | Ending {
  if (next === 'flush_handlers') return flushHandlers(here, at);
  if (next !== 'end_host') here.run.batch.over = next;
  return left;
}

function takeGroup(here: HostRun, step: PlannedBlock | PlannedLoop, place: Place): Promise<Ending> {
  return step.kind === 'block' ? takeBlock(here, step, place) : takeLoop(here, step, place);
}

/** `rescue` runs for a failure and for a host that was lost sight of; `always` runs in any case. */
async function takeBlock(
  here: HostRun,
  { block, rescue, always }: PlannedBlock,
  { at, layers, after }: Place,
): Promise<Ending> {
  const { run, host } = here;
  host.replay?.enterBlock(placeText(run.place, at));
  const before = host.failures;
  const leaving = () => tasksAhead(here, always, { layers, after });
  let ending = await takeSteps(here, block, { at: [...at, 0], layers, after: leaving });
  if (ending.status === 'done') ending = await leaveBlock(here, [...at, 0, block.length]);
  if (ending.status === 'left') return left;
  if (ending.status !== 'done' && rescue.length > 0) {
    if (ending.status === 'failed') tellRescue(here, block, host.failures - before);
    host.failures = before;
    const inner = [...layers, failureOf(ending)];
    ending = await takeSteps(here, rescue, { at: [...at, 1], layers: inner, after: leaving });
    if (ending.status === 'left') return left;
  }
  const last = await takeSteps(here, always, { at: [...at, 2], layers, after });
  return last.status === 'done' ? ending : last;
}

function tellRescue({ run, host }: HostRun, block: readonly PlannedStep[], failures: number): void {
  const [first] = tasksOf(block);
  if (first) run.events.emit({ type: 'task.rescued', host: host.name, task: taskName(first), failures });
}

/** What a rescue may ask about what has failed. */
function failureOf(ending: Ending): Layer {
  const { result, task } = 'result' in ending ? ending : {};
  return failureLayer({
    result: result ? registered(result) : {},
    task: task ? { name: task.name, action: task.task.module } : {},
  });
}

async function takeLoop(here: HostRun, loop: PlannedLoop, { at, layers, after }: Place): Promise<Ending> {
  const { value, control, when, body } = loop;
  const scope = scopeOf(here, loop, layers);
  let items: readonly unknown[];
  try {
    // The conditions around a loop decide before its list is looked at: the list may not exist
    // otherwise.
    if (when.some(({ text }) => !scope.test(text))) return done;
    items = loopItems(scope.evaluate(value));
  } catch (error) {
    if (error instanceof UnknownValue) return done;
    throw error;
  }
  for (const index of items.keys()) {
    await pauseBetween(here, control, index);
    const layer = itemLayer(control, items, index);
    const inner = [...layers, layer];
    const rest = () => loopAhead(here, loop, { layers, items, from: index + 1, after });
    const ending = await takeSteps(here, body, { at: [...at, index], layers: inner, after: rest });
    if (ending.status !== 'done') return ending;
    const round = scopeOf(here, loop, inner);
    if (control.breakWhen.length > 0 && !unmet(control.breakWhen, round)) break;
  }
  return done;
}
