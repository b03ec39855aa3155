import type { Inventory } from '../inventory/inventory.ts';
import type { Condition, LoopControl } from '../language/model.ts';
import { collectProblems, type Problems } from '../language/problems.ts';
import { inside, isMap } from '../language/source.ts';
import { suggest } from '../language/suggest.ts';
import { compileExpression } from '../values/expression.ts';
import { type Layer, type Scope, unknown } from '../values/scope.ts';
import { attempt, report } from './attempt.ts';
import type { Catalogue } from './catalogue.ts';
import { checkArguments } from './check-arguments.ts';
import { checkLayer, checkNames } from './check-names.ts';
import { checkParameters } from './check-parameters.ts';
import { hostOf, hostScope } from './host-scope.ts';
import { splitByLoop } from './loop-conditions.ts';
import { checkOwners, type OwnedBy } from './owners.ts';
import { type Plan, type PlannedPlay, type PlannedStep, type PlannedTask, tasksOf } from './plan.ts';

export interface PreflightOptions {
  readonly inventory: Inventory;
  readonly catalogue: Catalogue;
  readonly check: boolean;
}

/**
 * Evaluates everything that can be evaluated before the first connection, for every host: names, templates, conditions, arguments, role parameters,
 * files. What only the run can tell (registers, facts) is passed over.
 * @throws InvalidInput with every problem found, sorted by place.
 */
export function preflight(plan: Plan, options: PreflightOptions): void {
  const problems = collectProblems();
  for (const play of plan.plays) {
    checkNotifications(play, problems);
    for (const { task } of tasksOf([...play.stages.flat(), ...play.handlers]))
      checkConditions([...(task.changedWhen ?? []), ...(task.failedWhen ?? [])], problems);
    for (const host of play.hosts) checkHost(plan, play, host, options, problems);
  }
  problems.throwIfAny();
}

function checkConditions(conditions: readonly Condition[], problems: Problems): void {
  for (const { text, part } of conditions) {
    try {
      compileExpression(text);
    } catch (error) {
      report(problems, part, error);
    }
  }
}

function checkNotifications(play: PlannedPlay, problems: Problems): void {
  const names = new Set(play.handlers.flatMap(({ name, task }) => [name, ...task.listen]));
  for (const { notify, task } of tasksOf(play.stages.flat())) {
    for (const name of notify.filter(item => !names.has(item))) {
      const hint =
        suggest(name, names) ??
        (names.size > 0 ? `Handlers here: ${[...names].join(', ')}.` : 'This play has no handlers.');
      const list = inside(task.part, 'notify');
      const at = Array.isArray(task.notify) ? task.notify.indexOf(name) : -1;
      problems.add(at < 0 ? list : inside(list, at), `there is no handler "${name}"`, hint);
    }
  }
}

interface Walk extends PreflightOptions {
  readonly plan: Plan;
  readonly play: PlannedPlay;
  readonly host: string;
  readonly problems: Problems;
  /** Names that the run will bring, as far as the walk has come. */
  readonly coming: Record<string, unknown>;
  readonly owned: OwnedBy[];
}

function checkHost(plan: Plan, play: PlannedPlay, host: string, options: PreflightOptions, problems: Problems): void {
  const coming: Record<string, unknown> = {};
  for (const earlier of plan.plays.slice(0, plan.plays.indexOf(play)))
    bringRegisters(tasksOf(earlier.stages.flat()), coming);
  for (const layer of hostOf(options.inventory, host).variables) checkLayer(layer, problems);
  const walk: Walk = { ...options, plan, play, host, problems, coming, owned: [] };
  for (const stage of play.stages) checkSteps(stage, [], walk);
  checkSteps(play.handlers, [], walk);
  checkOwners(walk.owned, host, problems);
}

function checkSteps(steps: readonly PlannedStep[], loops: readonly Layer[], walk: Walk): void {
  for (const step of steps) {
    if (step.kind === 'task') checkTask(step, loops, walk);
    else if (step.kind === 'block') checkSteps([...step.block, ...step.rescue, ...step.always], loops, walk);
    else {
      const scope = scopeOf(step.layers, undefined, loops, walk);
      attempt(walk.problems, step.part, () => scope.evaluate(step.value, step.part));
      const names = [step.control.loopVar, ...(step.control.indexVar ? [step.control.indexVar] : [])];
      const layer = {
        origin: 'loop',
        values: Object.fromEntries(names.map(name => [name, unknown('it is set by the loop')])),
      };
      checkSteps(step.body, [...loops, layer], walk);
    }
  }
}

function scopeOf(layers: PlannedTask['layers'], role: string | undefined, loops: readonly Layer[], walk: Walk): Scope {
  const { plan, play, inventory, host, check, coming } = walk;
  const dynamic: Layer[] = [{ origin: 'the run', values: { ...coming } }, ...loops];
  return hostScope({
    plan,
    play,
    inventory,
    host,
    layers,
    role,
    check,
    dynamic,
    facts: unknown('facts are gathered in the run'),
  });
}

function checkTask(planned: PlannedTask, loops: readonly Layer[], walk: Walk): void {
  const { task } = planned;
  const { problems, catalogue } = walk;
  const scope = scopeOf(planned.layers, planned.role, loops, walk);
  const callable = catalogue.get(task.module)!;
  checkNames(planned, problems);
  const { outer, inner } = splitConditions(planned.when, task.loop?.control, problems);
  if (holds(outer, scope, problems)) {
    // Tasks of a role whose parameters are wrong would only tell of it again.
    const sound = planned.role === undefined || checkParameters(planned, scope, problems);
    for (const item of sound ? itemScopes(planned, scope, problems) : []) {
      if (holds(inner, item, problems)) walk.owned.push(...checkArguments(planned, callable, item, problems));
    }
  }
  bringRegisters([planned], walk.coming);
}

/** False where a condition is known not to hold. */
function holds(conditions: readonly Condition[], scope: Scope, problems: Problems): boolean {
  return !conditions.map(({ text, part }) => attempt(problems, part, () => scope.test(text))).includes(false);
}

/** Conditions that name the loop's variable are asked for each item, the others before the list is looked at. */
function splitConditions(
  when: readonly Condition[],
  control: LoopControl | undefined,
  problems: Problems,
): { outer: readonly Condition[]; inner: readonly Condition[] } {
  const valid = when.filter(({ text, part }) => attempt(problems, part, () => compileExpression(text)) !== undefined);
  return splitByLoop(valid, control);
}

/** One scope for each item of a task's loop, as far as they are known. */
function itemScopes({ task }: PlannedTask, scope: Scope, problems: Problems): readonly Scope[] {
  if (!task.loop) return [scope];
  const { value, part, control } = task.loop;
  const items = attempt(problems, part, () => scope.evaluate(value, part));
  const named = (item: unknown, index: unknown): Layer => ({
    origin: 'loop',
    literal: true,
    values: { [control.loopVar]: item, ...(control.indexVar ? { [control.indexVar]: index } : {}) },
  });
  if (items === undefined)
    return [scope.with(named(unknown('it is set by the loop'), unknown('it is set by the loop')))];
  if (items === null) return [];
  if (Array.isArray(items)) return items.map((item, at) => scope.with(named(item, at)));
  if (isMap(items)) return Object.entries(items).map(([key, item], at) => scope.with(named({ key, value: item }, at)));
  problems.add(part, 'a loop needs a list or a map');
  return [];
}

function bringRegisters(tasks: readonly PlannedTask[], coming: Record<string, unknown>): void {
  for (const { task } of tasks) {
    if (task.register !== undefined) coming[task.register] = unknown('its task has not run yet');
    if (task.module === 'set_fact' && isMap(task.args)) {
      for (const name of Object.keys(task.args)) coming[name] = unknown('its task has not run yet');
    }
  }
}
