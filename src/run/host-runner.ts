import type { TaskResult } from '../events/event.ts';
import { hostScope } from '../plan/host-scope.ts';
import { type PlannedBlock, type PlannedLoop, type PlannedStep, tasksOf } from '../plan/plan.ts';
import { UnknownValue } from '../values/errors.ts';
import type { Layer } from '../values/scope.ts';
import { gatherFacts } from './gather-facts.ts';
import { type HostState, pendingOf } from './host-state.ts';
import { loopItems } from './loop.ts';
import type { PlayRun } from './play-run.ts';
import { runTask, taskName } from './task-runner.ts';

/** How steps ended on a host: `failed` and `unreachable` go up to the next block that rescues, or end the host. */
type Ending =
  | { readonly status: 'done' }
  | { readonly status: 'failed' | 'unreachable' | 'lost'; readonly result: TaskResult };

const done: Ending = Object.freeze({ status: 'done' });

/** Takes one host through a play at its own speed: facts, the stages, and the handlers after each stage. */
export async function runHost(run: PlayRun, host: HostState): Promise<void> {
  const facts = await gatherFacts(host, run.facts, tasksOf(run.play.stages.flat())[0]?.become);
  if (facts) {
    if (facts.status === 'failed') run.events.emit({ type: 'host.failed', host: host.name, message: facts.message });
    end(run, host, facts);
    return;
  }
  for (const stage of run.play.stages) {
    const ending = await runSteps(run, host, stage, []);
    if (ending.status !== 'done') {
      end(run, host, ending.result);
      return;
    }
    const handled = await flushHandlers(run, host);
    if (handled.status !== 'done') {
      end(run, host, handled.result);
      return;
    }
  }
}

function end(run: PlayRun, host: HostState, { status, message, hint }: TaskResult): void {
  host.status = status === 'unreachable' || status === 'lost' ? status : 'failed';
  if (status !== 'unreachable') return;
  run.events.emit({ type: 'host.unreachable', host: host.name, message, ...(hint === undefined ? {} : { hint }) });
}

async function runSteps(
  run: PlayRun,
  host: HostState,
  steps: readonly PlannedStep[],
  loops: readonly Layer[],
): Promise<Ending> {
  for (const step of steps) {
    if (run.signal.aborted) return done;
    const ending =
      step.kind === 'task'
        ? await runPlainTask(run, host, step, loops)
        : step.kind === 'block'
          ? await runBlock(run, host, step, loops)
          : await runStepLoop(run, host, step, loops);
    if (ending.status !== 'done') return ending;
  }
  return done;
}

async function runPlainTask(
  run: PlayRun,
  host: HostState,
  planned: Extract<PlannedStep, { kind: 'task' }>,
  loops: readonly Layer[],
): Promise<Ending> {
  const { result, flushHandlers: flush } = await runTask(run, host, planned, loops);
  const { status } = result;
  if ((status === 'failed' && !result.ignored) || status === 'unreachable' || status === 'lost')
    return { status, result };
  // Facts are of the boot in which they were gathered.
  if (result.changed && !run.check && run.modules.get(planned.task.module)?.settles === 'reboot') {
    await gatherFacts(host, run.facts, planned.become);
  }
  return flush ? flushHandlers(run, host) : done;
}

/** `rescue` runs for a failure and for a host that was lost sight of; `always` runs in any case. */
async function runBlock(
  run: PlayRun,
  host: HostState,
  { block, rescue, always }: PlannedBlock,
  loops: readonly Layer[],
): Promise<Ending> {
  let ending = await runSteps(run, host, block, loops);
  if (ending.status !== 'done' && rescue.length > 0) {
    if (ending.status === 'failed') rescued(run, host, block);
    ending = await runSteps(run, host, rescue, loops);
  }
  const after = await runSteps(run, host, always, loops);
  return after.status === 'done' ? ending : after;
}

function rescued(run: PlayRun, host: HostState, block: readonly PlannedStep[]): void {
  const [first] = tasksOf(block);
  if (first) run.events.emit({ type: 'task.rescued', host: host.name, task: taskName(first) });
}

async function runStepLoop(run: PlayRun, host: HostState, loop: PlannedLoop, loops: readonly Layer[]): Promise<Ending> {
  const { plan, play, inventory, check } = run;
  const { layers, control } = loop;
  const dynamic: Layer[] = [{ origin: 'the run', values: host.variables, literal: true }, ...loops];
  const scope = hostScope({ plan, play, inventory, host: host.name, layers, check, dynamic, facts: host.facts });
  let items: readonly unknown[];
  try {
    // The conditions around a loop decide before its list is looked at: the list may not exist otherwise.
    if (loop.when.some(({ text }) => !scope.test(text))) return done;
    items = loopItems(scope.evaluate(loop.value));
  } catch (error) {
    if (error instanceof UnknownValue) return done;
    throw error;
  }
  for (const [at, item] of items.entries()) {
    const values = { [control.loopVar]: item, ...(control.indexVar ? { [control.indexVar]: at } : {}) };
    const ending = await runSteps(run, host, loop.body, [...loops, { origin: 'loop', literal: true, values }]);
    if (ending.status !== 'done') return ending;
  }
  return done;
}

/** Runs the notified handlers, and those that act on a condition that stands, in the order of their definition; each once. */
async function flushHandlers(run: PlayRun, host: HostState): Promise<Ending> {
  const ran = new Set<string>();
  for (;;) {
    const next = run.play.handlers.find(handler => !ran.has(handler.id) && isDue(run, host, handler));
    if (!next) break;
    ran.add(next.id);
    const ending = await runPlainTask(run, host, next, []);
    if (ending.status !== 'done') return ending;
    host.notified.delete(next.id);
  }
  return done;
}

function isDue(run: PlayRun, host: HostState, { id, task }: Extract<PlannedStep, { kind: 'task' }>): boolean {
  if (host.notified.has(id)) return true;
  const settles = run.modules.get(task.module)?.settles;
  return task.ifPending && pendingOf(host).some(({ kind }) => kind === settles);
}
