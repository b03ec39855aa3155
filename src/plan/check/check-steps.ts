import type { Condition, Loop } from '../../language/model.ts';
import { collectProblems, type Problems } from '../../language/problems.ts';
import { inside, isMap } from '../../language/source.ts';
import { ValueError } from '../../values/errors.ts';
import { compileExpression } from '../../values/expression.ts';
import { formScope } from '../../values/form-scope.ts';
import { lazyMap } from '../../values/lazy.ts';
import { type Layer, type Scope, unknown } from '../../values/scope.ts';
import { evaluateArguments } from '../arguments/evaluate-arguments.ts';
import { attempt, withHint } from '../attempt.ts';
import { callableOf } from '../catalogue.ts';
import { type Coming, comingFrom } from '../coming.ts';
import { environmentEntries, nearest } from '../environment.ts';
import { hostScope, hostVariables } from '../host-scope.ts';
import { includedVariables } from '../included-variables.ts';
import { keywordValue } from '../keyword-value.ts';
import { itemLayer, ownResult, unknownItem } from '../layers.ts';
import { splitByLoop } from '../loop-conditions.ts';
import { loopItems } from '../loop-items.ts';
import { notifiedBy } from '../notify.ts';
import type { Plan, PlannedPlay, PlannedStep, PlannedTask } from '../plan.ts';
import { privilegeOf } from '../privilege.ts';
import { type LaterKeyword, laterInLoop, laterSettings } from '../settle-task.ts';
import { type Reached, type Way, walk as walkSteps } from '../walk.ts';
import { checkArguments } from './check-arguments.ts';
import { checkForms } from './check-forms.ts';
import { checkLayer, checkNames } from './check-names.ts';
import { checkParameters } from './check-parameters.ts';
import type { OwnedBy } from './owners.ts';
import type { PreflightOptions } from './preflight-options.ts';

/** One host's way through a play before the run. */
export interface Walk extends PreflightOptions {
  readonly plan: Plan;
  readonly play: PlannedPlay;
  readonly host: string;
  readonly problems: Problems;
  /** Names that the run will have brought, as far as the walk has come. */
  coming: Coming;
  /** Names that earlier plays bring, and that this one does. */
  readonly before: Coming;
  readonly during: Coming;
  readonly owned: OwnedBy[];
  /** Tasks that are skipped, and variables, whose form has been looked at, on any host. */
  readonly formed: Set<object>;
}

/** Checks the tasks of steps, with those of blocks, rescues and each round of a loop. */
export function checkSteps(steps: readonly PlannedStep[], walk: Walk): void {
  const way: Way = {
    rounds: (loop, layers) => itemLayers(loop, scopeOf(loop, layers, walk), walk.problems),
    rescues: true,
  };
  for (const reached of walkSteps(steps, [], way)) if (reached) checkTask(reached, walk);
}

/**
 * The variables of a task, or of a loop over steps.
 * @param inner those of the loops and rescues around it
 */
function scopeOf({ layers, role }: Pick<PlannedTask, 'layers' | 'role'>, inner: readonly Layer[], walk: Walk): Scope {
  const { plan, play, inventory, host, check, coming } = walk;
  return hostScope({
    plan,
    play,
    inventory,
    host,
    layers,
    role,
    check,
    dynamic: [{ origin: 'the run', values: coming }, ...inner],
    facts: unknown('facts are gathered in the run'),
    variablesOf: name => otherHost(name, walk),
  });
}

/**
 * What `hostvars` will give of a host. A value that its way through this play will bring has no
 * time where hosts go at their own speed.
 */
function otherHost(
  name: string,
  { plan, play, inventory, host, coming, before, during }: Walk,
): Readonly<Record<string, unknown>> {
  const facts = unknown('facts are gathered in the run');
  const known = name === host || play.linear ? coming : before;
  const variables = hostVariables({
    plan,
    inventory,
    host: name,
    dynamic: [{ origin: 'the run', values: known }],
    facts,
  });
  const early = Object.keys(during).filter(key => !(key in variables));
  return lazyMap([...Object.keys(variables), ...early], key => {
    if (key in variables) return variables[key];
    throw new ValueError(`"${key}" of ${name} is set in this play, in which each host goes at its own speed`, {
      hint: 'Read it in a later play, or give this one "strategy: linear".',
    });
  });
}

function checkTask({ planned, layers }: Reached, walk: Walk): void {
  const { task } = planned;
  const { problems, catalogue } = walk;
  const scope = scopeOf(planned, layers, walk);
  const callable = callableOf(catalogue, task.module);
  checkNames(planned, problems);
  const { roleDefaults, roleVars, params, local } = planned.layers;
  checkForms([...roleDefaults, ...roleVars, ...params, ...local], walk.formed, problems);
  const { outer, inner } = splitConditions(planned, problems);
  if (!holds(outer, scope, problems)) checkForm(planned, walk);
  else {
    // Tasks of a role whose parameters are wrong would only tell of it again. Its handlers are
    // there also where its call has a condition that does not hold: its tasks tell of it where it
    // matters.
    const tells = planned.handler ? collectProblems() : problems;
    const sound = planned.role === undefined || checkParameters(planned, scope, tells);
    checkKeywords(laterSettings(planned), scope, problems, task.loop && wholeLoop);
    attempt(problems, inside(task.part, 'notify'), () => notifiedBy(planned, walk.play.handlers, scope));
    for (const item of sound ? itemScopes(planned, scope, problems) : []) {
      if (!holds(inner, item, problems)) continue;
      walk.owned.push(...checkArguments(planned, callable, item, problems));
      checkOwnResult(planned, item, problems);
      checkSettings(planned, item, problems);
      attempt(problems, task.part, () => privilegeOf(planned.become, item));
      if (task.module === 'include_vars') checkIncluded(planned, item, walk);
    }
  }
  walk.coming = { ...walk.coming, ...comingFrom([planned]) };
}

/**
 * What is written in a task that is skipped: it is not evaluated, but another host or run may come
 * to it.
 */
function checkForm(planned: PlannedTask, { catalogue, problems, formed }: Walk): void {
  if (formed.has(planned)) return;
  formed.add(planned);
  const { module, loop } = planned.task;
  if (loop) attempt(problems, loop.part, () => formScope.evaluate(loop.value));
  checkKeywords(laterSettings(planned), formScope, problems);
  checkArguments(planned, callableOf(catalogue, module), formScope, problems);
  checkSettings(planned, formScope, problems);
}

/** Conditions on a task's own result: what else they name must be there. */
function checkOwnResult(planned: PlannedTask, scope: Scope, problems: Problems): void {
  const { changedWhen = [], failedWhen = [], retry, loop } = planned.task;
  const own = scope.with(ownResult(planned, unknown('its task has not run yet')));
  const conditions = [...changedWhen, ...failedWhen, ...(retry?.until ?? []), ...(loop?.control.breakWhen ?? [])];
  for (const { text, part } of conditions) attempt(problems, part, () => own.test(text));
}

function checkSettings(planned: PlannedTask, scope: Scope, problems: Problems): void {
  const { task, settings, environment } = planned;
  const { delegateTo } = settings;
  if (delegateTo) attempt(problems, delegateTo.part, () => scope.evaluate(delegateTo.value, delegateTo.part));
  const variables = environment.flatMap(one => attempt(problems, one.part, () => environmentEntries(one, scope)) ?? []);
  for (const { part, text } of nearest(variables)) attempt(problems, part, text);
  checkKeywords(laterInLoop(planned), scope, problems);
  const label = task.loop?.control.label;
  if (label !== undefined) {
    const part = inside(task.part, 'loop_control', 'label');
    attempt(problems, part, () => scope.evaluate(label, part));
  }
}

/** Keywords that have no value, or one that they cannot have. */
function checkKeywords(keywords: readonly LaterKeyword[], scope: Scope, problems: Problems, hint?: string): void {
  for (const { name, given } of keywords)
    attempt(problems, given.part, () =>
      withHint(
        () => keywordValue(name, given, scope),
        () => hint,
      ),
    );
}

const wholeLoop = 'It counts for all items of the loop, and sees none of them.';

function checkIncluded({ task, searchPath }: PlannedTask, scope: Scope, { problems, catalogue }: Walk): void {
  const callable = callableOf(catalogue, task.module);
  const raw = isMap(task.args) ? task.args : { file: task.args };
  const { args, complete } = evaluateArguments(raw, callable, scope, () => undefined);
  if (!complete || (callable.problems?.(args) ?? []).length > 0) return;
  const read = () => attempt(problems, task.argsPart, () => includedVariables(args, searchPath.variables));
  const layers = problems.catch(read);
  if (!layers) problems.leaveOut();
  for (const layer of layers ?? []) checkLayer(layer, 'task', problems);
}

/** False where a condition is known not to hold. */
function holds(conditions: readonly Condition[], scope: Scope, problems: Problems): boolean {
  return !conditions.map(({ text, part }) => attempt(problems, part, () => scope.test(text))).includes(false);
}

/**
 * Conditions that name the loop's variable are asked for each item, the others before the list is
 * looked at.
 */
function splitConditions(
  { when, task, layers }: PlannedTask,
  problems: Problems,
): { outer: readonly Condition[]; inner: readonly Condition[] } {
  const isValid = ({ text, part }: Condition) => attempt(problems, part, () => compileExpression(text)) !== undefined;
  const valid = when.filter(isValid);
  // What the others ask may be whether a name is defined.
  for (const { text } of when.filter(condition => !valid.includes(condition))) problems.leaveOut(text);
  return splitByLoop(valid, task.loop?.control, layers.local);
}

/** The scope of a task, or one for each item of its loop, as far as they are known. */
function itemScopes({ task }: PlannedTask, scope: Scope, problems: Problems): readonly Scope[] {
  if (!task.loop) return [scope];
  return itemLayers(task.loop, scope, problems).map(layer => scope.with(layer));
}

/**
 * The variables of each round of a loop; of a loop whose items are not known, or none, those of
 * any.
 */
function itemLayers({ value, part, control }: Loop, scope: Scope, problems: Problems): readonly Layer[] {
  const items = attempt(problems, part, () => loopItems(scope.evaluate(value, part))) ?? [];
  if (items.length === 0) return [unknownItem(control)];
  return items.map((_, at) => itemLayer(control, items, at));
}
