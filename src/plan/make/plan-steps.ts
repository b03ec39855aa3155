import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Include, ModuleDefaults, Role, RoleCall, Step, Task } from '../../language/model.ts';
import type { StepVocabulary } from '../../language/parse/parse-steps.ts';
import { readTasks } from '../../language/parse/read-role.ts';
import { placeholder } from '../../language/parse/step-keywords.ts';
import type { Problems } from '../../language/problems.ts';
import { isMap, type Part } from '../../language/source.ts';
import { createScope, type Layer, type Scope } from '../../values/scope.ts';
import { type Inherited, inherit } from '../inherit.ts';
import type { PlannedStep, PlannedTask, StaticLayers } from '../plan.ts';
import { checkCall, enterRole, type RoleLibrary } from '../resolve-role.ts';
import { planSettings } from '../settle-task.ts';
import { isSelected, type TagSelection } from '../tags.ts';
import { shownName } from './shown-name.ts';

/** What the steps of one play are planned with. */
export interface Making {
  readonly tags: TagSelection;
  /** Tags of all tasks, chosen or not. */
  readonly allTags: Set<string>;
  readonly vocabulary: StepVocabulary;
  readonly problems: Problems;
  readonly library: RoleLibrary;
  /** Roles of the play, called or included anywhere, in order, with their first call. */
  readonly entered: Map<string, Partial<RoleCall>>;
  /** Calls of roles that were made, so that the same is not made again. */
  readonly called: Set<string>;
  readonly count: { tasks: number };
  /** `--extra-vars` */
  readonly extraVars: Layer;
}

/**
 * Resolves steps: what is included takes its place, keywords are inherited, and what the tags leave
 * out is gone.
 */
export function planSteps(steps: readonly Step[], from: Inherited, making: Making): readonly PlannedStep[] {
  return steps.flatMap((step): readonly PlannedStep[] => {
    if (step.kind === 'task') return planTask(step, from, making);
    const inner = inherit(from, step, step.name ? `"${step.name}"` : `the ${step.kind}`);
    const body = step.kind === 'include' ? planInclude(step, inner, making) : planBlock(step, inner, making);
    if (!step.loop || body.length === 0) return body;
    const { value, part, control } = step.loop;
    const { layers, role, when } = inner;
    return [{ kind: 'loop', value, part, control, layers, ...(role && { role }), when, body }];
  });
}

function planBlock(step: Extract<Step, { kind: 'block' }>, inner: Inherited, making: Making): readonly PlannedStep[] {
  const parts = [step.block, step.rescue, step.always].map(list => planSteps(list, inner, making));
  const [block, rescue, always] = parts as [PlannedStep[], PlannedStep[], PlannedStep[]];
  return parts.every(list => list.length === 0) ? [] : [{ kind: 'block', block, rescue, always }];
}

function planInclude(step: Include, inner: Inherited, making: Making): readonly PlannedStep[] {
  if (step.role !== undefined) return planIncludedRole(step.role, step, inner, making);
  const { problems } = making;
  const named = step.file ?? '';
  const file = isAbsolute(named) ? named : join(inner.directory, named);
  if (inner.chain.includes(file)) return circle(step.target, file, inner, problems);
  if (!existsSync(file)) {
    problems.add(step.target, `the file ${file} to include does not exist`);
    problems.leaveOut();
    return planSteps([placeholder({}, step.part)], inner, making);
  }
  const steps = readTasks(file, problems, making.vocabulary);
  return planSteps(steps, { ...inner, directory: dirname(file), chain: [...inner.chain, file] }, making);
}

function planIncludedRole(name: string, step: Include, inner: Inherited, making: Making): readonly PlannedStep[] {
  const { problems, library } = making;
  if (inner.chain.includes(`role ${name}`) && step.tasksFrom === undefined)
    return circle(step.target, `role ${name}`, inner, problems);
  const role = library.read(name, step.target, problems);
  if (!role) return planSteps([placeholder({}, step.part)], inner, making);
  // In a loop each turn has values of its own, of which a handler knows none.
  const params = step.loop ? undefined : step.vars;
  if (!making.entered.has(name)) making.entered.set(name, { part: step.target, ...(params && { params }) });
  const from = enterRole(role, { part: step.target }, inner);
  if (step.tasksFrom === undefined)
    return [...planDependencies(role, inner, making), ...planSteps(role.tasks, from, making)];
  const file = tasksFile(role, step.tasksFrom);
  if (file !== undefined && inner.chain.includes(file)) return circle(step.target, file, inner, problems);
  if (file === undefined) {
    problems.add(
      step.target,
      `role "${name}" has no file tasks/${step.tasksFrom}.yml`,
      `Looked in ${role.directory}/tasks.`,
    );
    problems.leaveOut();
    return planSteps([placeholder({}, step.part)], inner, making);
  }
  const steps = readTasks(file, problems, making.vocabulary);
  return planSteps(steps, { ...from, chain: [...from.chain, file] }, making);
}

/** A file of a role's tasks; never one outside its folder. */
function tasksFile({ directory }: Role, name: string): string | undefined {
  const folder = join(directory, 'tasks');
  const files = [name, `${name}.yml`, `${name}.yaml`].map(base => join(folder, base));
  return files.find(file => /\.ya?ml$/.test(file) && file.startsWith(`${folder}/`) && existsSync(file));
}

/**
 * The tasks of a role that is called, after those of the roles that it depends on. The same call
 * runs once a play.
 */
export function planRole(call: RoleCall, from: Inherited, making: Making): readonly PlannedStep[] {
  const { problems, library } = making;
  const name = `role ${call.role}`;
  if (from.chain.includes(name)) return circle(call.part, name, from, problems);
  const role = library.read(call.role, call.part, problems);
  const { params: _, ...keywords } = call;
  if (!role) return planSteps([placeholder({}, call.part)], inherit(from, keywords, name), making);
  if (!making.entered.has(call.role)) making.entered.set(call.role, call);
  checkCall(role, call, problems);
  if (!isFirst(role, call, making)) return [];
  const before = planDependencies(role, inherit(from, keywords, name), making);
  return [...before, ...planSteps(role.tasks, enterRole(role, call, from), making)];
}

function planDependencies(role: Role, from: Inherited, making: Making): readonly PlannedStep[] {
  const inner = { ...from, chain: [...from.chain, `role ${role.name}`] };
  return role.dependencies.flatMap(call => planRole(call, inner, making));
}

function isFirst(role: Role, { params, when, tags }: RoleCall, { called }: Making): boolean {
  if (role.allowDuplicates) return true;
  const key = JSON.stringify([role.name, params?.values ?? {}, when.map(({ text }) => text), tags]);
  if (called.has(key)) return false;
  called.add(key);
  return true;
}

function circle(target: Part, name: string, inner: Inherited, problems: Problems): readonly PlannedStep[] {
  problems.add(target, `includes go in a circle: ${[...inner.chain, name].join(' -> ')}`);
  return [];
}

function planTask(task: Task, from: Inherited, making: Making): readonly PlannedTask[] {
  const own = inherit(from, task, task.name ? `task "${task.name}"` : 'the task');
  for (const tag of own.tags) making.allTags.add(tag);
  if (!own.handler && !isSelected(own.tags, making.tags)) return [];
  making.count.tasks += 1;
  return [
    Object.freeze({
      kind: 'task',
      id: String(making.count.tasks),
      name: shownName(task.name ?? task.module, () => nameScope(own, making.extraVars)),
      task: withDefaults(task, own.moduleDefaults),
      ...(own.role === undefined ? {} : { role: own.role }),
      ...(own.call === undefined ? {} : { call: own.call }),
      handler: own.handler,
      when: own.when,
      layers: own.layers,
      become: own.become,
      allow: own.allow,
      settings: planSettings(own.settings, () => commonScope(own.layers, making.extraVars), making.problems),
      environment: own.environment,
      notify: own.notify,
      tags: own.tags,
      searchPath: own.searchPath,
    }),
  ];
}

/**
 * The variables that a task has on every host: no host may have others of these names that are
 * stronger.
 */
function commonScope({ play, roleVars, params, local }: StaticLayers, extraVars: Layer): Scope {
  return createScope([...play, ...roleVars, ...params, ...local, extraVars]);
}

/**
 * A name is planned with the same; `notify` finds a handler by it, so that it has the defaults of
 * its role too.
 */
function nameScope({ handler, layers }: Inherited, extraVars: Layer): Scope {
  return commonScope(handler ? { ...layers, play: [...layers.roleDefaults, ...layers.play] } : layers, extraVars);
}

function withDefaults(task: Task, defaults: ModuleDefaults): Task {
  const common = defaults[task.module];
  if (!common) return task;
  return { ...task, args: { ...common, ...(isMap(task.args) ? task.args : { _: task.args }) } };
}
