import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { matchHosts } from '../inventory/patterns.ts';
import type { BecomeKeywords, Include, Play, Playbook, Step, Task } from '../language/model.ts';
import type { StepVocabulary } from '../language/parse-steps.ts';
import { collectProblems, type Problems } from '../language/problems.ts';
import { readTasks, readVariables } from '../language/read-role.ts';
import { inside } from '../language/source.ts';
import type { Privilege } from '../shell/become.ts';
import type { Layer } from '../values/scope.ts';
import { factGroupsOf } from './fact-groups.ts';
import { type Inherited, inherit, layerOf } from './inherit.ts';
import { type Plan, type PlannedPlay, type PlannedStep, type PlannedTask, tasksOf } from './plan.ts';
import { checkCall, createRoleLibrary, enterRole, type RoleLibrary } from './resolve-role.ts';
import { isSelected, type TagSelection } from './tags.ts';

export interface PlanOptions {
  /** A host pattern that every play is cut down to. */
  readonly limit?: string;
  readonly tags: TagSelection;
  /** `texts` are names whose values are plain text, to be converted by the schema they land in. */
  readonly extraVars: { readonly values: Readonly<Record<string, unknown>>; readonly texts: ReadonlySet<string> };
  readonly rolePath: readonly string[];
  /** Folders of templates that roles share. */
  readonly sharedTemplates: readonly string[];
  readonly become: BecomeKeywords;
  readonly vocabulary: StepVocabulary;
}

interface Making {
  readonly options: PlanOptions;
  readonly problems: Problems;
  readonly library: RoleLibrary;
  /** Roles of the play, called or included anywhere, in order. */
  readonly entered: Set<string>;
  readonly count: { tasks: number };
}

/**
 * Makes the plan of playbooks for an inventory. Reads roles and included files; asks no host.
 * @throws InvalidInput with everything that is wrong; HostwrightError for a pattern that names nothing.
 */
export function makePlan(playbooks: readonly Playbook[], inventory: Inventory, options: PlanOptions): Plan {
  const problems = collectProblems();
  const limited = options.limit === undefined ? undefined : new Set(matchHosts(inventory, options.limit));
  const count = { tasks: 0 };
  const plays = playbooks.flatMap(({ file, plays: inFile }) => {
    const library = createRoleLibrary([join(dirname(file), 'roles'), ...options.rolePath], options.vocabulary);
    return inFile.map(play =>
      planPlay(play, inventory, limited, {
        options,
        problems,
        library,
        entered: new Set(),
        count,
      }),
    );
  });
  problems.throwIfAny();
  if (plays.length > 0 && plays.every(({ hosts }) => hosts.length === 0)) throw nothingToDo(inventory, options.limit);
  const extraVars: Layer = { origin: '--extra-vars', ...options.extraVars };
  return Object.freeze({ plays, extraVars });
}

function nothingToDo(inventory: Inventory, limit: string | undefined): HostwrightError {
  const message = inventory.hosts.size === 0 ? 'There is no host in the inventory.' : 'No play is for any host.';
  const limited = limit === undefined ? '' : ` The plays are cut down to --limit ${limit}.`;
  return new HostwrightError('plan.nothing', message + limited, {
    hint:
      inventory.hosts.size === 0
        ? 'Name an inventory: -i FILE, or hosts: -i hv1,hv2.'
        : 'See "hostwright inventory --graph" for what there is.',
    exitCode: exitCodes.usage,
  });
}

function planPlay(
  play: Play,
  inventory: Inventory,
  limited: ReadonlySet<string> | undefined,
  making: Making,
): PlannedPlay {
  const { problems, library } = making;
  const hosts = hostsOf(play, inventory, problems).filter(host => !limited || limited.has(host));
  const base = playBase(play, making);
  const preTasks = planSteps(play.preTasks, base, making);
  const roles = play.roles.flatMap(call => {
    const role = library.read(call.role, call.part, problems);
    if (!role) return [];
    making.entered.add(call.role);
    checkCall(role, call, problems);
    return planSteps(role.tasks, enterRole(role, call, base), making);
  });
  const tasks = planSteps(play.tasks, base, making);
  const postTasks = planSteps(play.postTasks, base, making);
  const handlers = planHandlers(play, base, making);
  const stages = [preTasks, [...roles, ...tasks], postTasks];
  return Object.freeze({
    play,
    name: play.name,
    hosts,
    layers: base.layers.play,
    stages,
    handlers,
    facts: factGroupsOf(play, [...stages.flat(), ...handlers]),
  });
}

function hostsOf(play: Play, inventory: Inventory, problems: Problems): readonly string[] {
  try {
    return matchHosts(inventory, play.hosts);
  } catch (error) {
    problems.add(inside(play.part, 'hosts'), messageOf(error), (error as { hint?: string }).hint);
    return [];
  }
}

function playBase(play: Play, { options, problems }: Making): Inherited {
  const directory = dirname(play.part.source.file);
  const files = play.varsFiles.flatMap((name, at) => {
    const file = isAbsolute(name) ? name : join(directory, name);
    if (!existsSync(file)) {
      problems.add(inside(play.part, 'vars_files', at), `there is no file ${file}`);
      return [];
    }
    const read = problems.catch(() => readVariables(file, problems));
    return read ? [layerOf(read, file)] : [];
  });
  const vars = play.vars ? [layerOf(play.vars, `vars of play "${play.name}"`)] : [];
  return {
    when: [],
    tags: play.tags,
    become: { ...options.become, ...play.become },
    allow: play.allow,
    ignoreErrors: false,
    environment: play.environment ? [layerOf(play.environment, 'environment of the play')] : [],
    notify: [],
    layers: { roleDefaults: [], play: [...vars, ...files], roleVars: [], params: [], local: [] },
    searchPath: {
      source: [join(directory, 'files'), directory],
      template: [join(directory, 'templates'), directory, ...options.sharedTemplates],
    },
    directory,
    chain: [],
    handler: false,
  };
}

function planSteps(steps: readonly Step[], from: Inherited, making: Making): readonly PlannedStep[] {
  return steps.flatMap((step): readonly PlannedStep[] => {
    if (step.kind === 'task') return planTask(step, from, making);
    const inner = inherit(from, step, step.name ? `"${step.name}"` : `the ${step.kind}`);
    const body = step.kind === 'include' ? planInclude(step, inner, making) : planBlock(step, inner, making);
    if (!step.loop || body.length === 0) return body;
    const { value, part, control } = step.loop;
    return [{ kind: 'loop', value, part, control, layers: inner.layers, when: inner.when, body }];
  });
}

function planBlock(step: Extract<Step, { kind: 'block' }>, inner: Inherited, making: Making): readonly PlannedStep[] {
  const parts = [step.block, step.rescue, step.always].map(list => planSteps(list, inner, making));
  const [block, rescue, always] = parts as [PlannedStep[], PlannedStep[], PlannedStep[]];
  return parts.every(list => list.length === 0) ? [] : [{ kind: 'block', block, rescue, always }];
}

function planInclude(step: Include, inner: Inherited, making: Making): readonly PlannedStep[] {
  const { problems, library, options } = making;
  if (step.role !== undefined) {
    if (inner.chain.includes(`role ${step.role}`)) return circle(step, `role ${step.role}`, inner, problems);
    const role = library.read(step.role, step.target, problems);
    if (!role) return [];
    making.entered.add(step.role);
    return planSteps(role.tasks, enterRole(role, { part: step.target }, inner), making);
  }
  const file = isAbsolute(step.file!) ? step.file! : join(inner.directory, step.file!);
  if (inner.chain.includes(file)) return circle(step, file, inner, problems);
  if (!existsSync(file)) {
    problems.add(step.target, `there is no file ${file} to include`);
    return [];
  }
  const steps = problems.catch(() => readTasks(file, problems, options.vocabulary)) ?? [];
  return planSteps(steps, { ...inner, directory: dirname(file), chain: [...inner.chain, file] }, making);
}

function circle(step: Include, name: string, inner: Inherited, problems: Problems): readonly PlannedStep[] {
  problems.add(step.target, `includes go in a circle: ${[...inner.chain, name].join(' -> ')}`);
  return [];
}

function planTask(task: Task, from: Inherited, making: Making): readonly PlannedTask[] {
  const own = inherit(from, task, task.name ? `task "${task.name}"` : 'the task');
  if (!own.handler && !isSelected(own.tags, making.options.tags)) return [];
  making.count.tasks += 1;
  const become = privilegeOf(own.become);
  return [
    Object.freeze({
      kind: 'task',
      id: String(making.count.tasks),
      name: task.name ?? task.module,
      task,
      ...(own.role === undefined ? {} : { role: own.role }),
      ...(own.call === undefined ? {} : { call: own.call }),
      handler: own.handler,
      when: own.when,
      layers: own.layers,
      ...(become ? { become } : {}),
      allow: own.allow,
      ignoreErrors: own.ignoreErrors,
      environment: own.environment,
      notify: own.notify,
      tags: own.tags,
      searchPath: own.searchPath,
    }),
  ];
}

function privilegeOf({ become, user, method }: BecomeKeywords): Privilege | undefined {
  return become ? { method: method ?? 'sudo', user: user ?? 'root' } : undefined;
}

/** The play's own handlers and those of its roles, in that order; each role's once. */
function planHandlers(play: Play, base: Inherited, making: Making): readonly PlannedTask[] {
  const { library, problems, entered } = making;
  const own = planSteps(play.handlers, { ...base, handler: true }, making);
  const called = new Map(play.roles.map(call => [call.role, call]));
  const roles = [...entered].flatMap(name => {
    const role = library.known(name);
    if (!role) return [];
    // The conditions of the call decide on its tasks; a handler that was notified runs.
    const { when: _, ...call } = called.get(name) ?? { when: [] };
    return planSteps(role.handlers, enterRole(role, call, { ...base, handler: true }), making);
  });
  const handlers = [...own, ...roles];
  for (const handler of handlers) {
    if (handler.kind === 'task') continue;
    const part = handler.kind === 'loop' ? handler.part : (tasksOf([handler])[0]?.task.part ?? play.part);
    problems.add(part, 'a handler is a single task: no block and no loop around it');
  }
  return handlers.filter(handler => handler.kind === 'task');
}
