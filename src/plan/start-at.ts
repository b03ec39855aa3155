import { exitCodes, HostwrightError } from '../errors.ts';
import { suggest } from '../language/suggest.ts';
import { comingFrom } from './coming.ts';
import type { Draft, PlannedPlay, PlannedStep, PlannedTask } from './plan.ts';
import { tasksOf } from './walk.ts';

/** How `--from` and `--list` name a task: `role: task`, or `task` outside a role. */
export function fullName({ name, role }: PlannedTask): string {
  return role ? `${role.name}: ${name}` : name;
}

/**
 * A draft without the tasks before the first one of this name, `role: task` or `task`. The
 * handlers, the rescue and always parts of a block, and the gate stay; a loop over several tasks
 * stays whole.
 * @throws HostwrightError `from.nothing`
 */
export function startAt({ plan, problems }: Draft, name: string): Draft {
  const isIt = (task: PlannedTask) => task.name === name || fullName(task) === name;
  const first = plan.plays.findIndex(({ stages }) => tasksOf(stages.flat()).some(isIt));
  const [begins, ...others] = first < 0 ? [] : plan.plays.slice(first);
  if (!begins) throw noSuchTask(name, plan.plays);
  const plays = [{ ...begins, stages: withoutEarlier(begins.stages, isIt) }, ...others];
  return { plan: { ...plan, plays, leftOut: setBefore(plan.plays, plays) }, problems };
}

/** The variables that tasks set which are left out, each with the first such task. */
function setBefore(all: readonly PlannedPlay[], left: readonly PlannedPlay[]): ReadonlyMap<string, string> {
  const ids = new Set(tasksIn(left).map(({ id }) => id));
  const earlier = tasksIn(all).filter(({ id }) => !ids.has(id));
  const named = earlier.flatMap(task => Object.keys(comingFrom([task])).map(name => [name, fullName(task)] as const));
  return new Map(named.toReversed());
}

function tasksIn(plays: readonly PlannedPlay[]): readonly PlannedTask[] {
  return plays.flatMap(({ stages }) => tasksOf(stages.flat()));
}

function withoutEarlier(stages: PlannedPlay['stages'], isIt: (task: PlannedTask) => boolean): PlannedPlay['stages'] {
  const at = stages.findIndex(stage => tasksOf(stage).some(isIt));
  return stages.map((stage, index) => (index < at ? [] : index === at ? from(stage, isIt) : stage));
}

function from(steps: readonly PlannedStep[], isIt: (task: PlannedTask) => boolean): readonly PlannedStep[] {
  const at = steps.findIndex(step => tasksOf([step]).some(isIt));
  const [first, ...rest] = at < 0 ? [] : steps.slice(at);
  if (!first) return steps;
  if (first.kind !== 'block') return [first, ...rest];
  return [{ ...first, block: from(first.block, isIt) }, ...rest];
}

function noSuchTask(name: string, plays: readonly PlannedPlay[]): HostwrightError {
  const tasks = tasksIn(plays);
  return new HostwrightError('from.nothing', `No task is called "${name}".`, {
    hint:
      suggest(
        name,
        tasks.flatMap(task => [task.name, fullName(task)]),
      ) ?? '--list shows the tasks and their names.',
    exitCode: exitCodes.usage,
  });
}
