import { inside, isMap, keyPositionOf, positionOf } from '../language/source.ts';
import { UnknownValue, ValueError } from '../values/errors.ts';
import { createScope, type Layer, unknown } from '../values/scope.ts';

import { comingFrom } from './coming.ts';
import { layersOf, type ScopeInput } from './host-scope.ts';
import type { Plan, PlannedPlay, PlannedTask } from './plan.ts';
import { tasksOf } from './walk.ts';

/** A layer of variables that sets a name. */
export interface Setting {
  /** For people: `defaults of role lvm-pool`. */
  readonly origin: string;
  /** `file:line`, where it is in a file. */
  readonly at?: string;
  /** The value as it is written there. */
  readonly written: unknown;
}

/** Where in a play a variable has which value, and why. */
export interface Explanation {
  readonly play: string;
  /** The roles and tasks that see it so, in words; empty: the whole play does. */
  readonly places: readonly string[];
  /** Every layer that sets it, the weakest first: the last one wins. */
  readonly settings: readonly Setting[];
  /** The value that wins, evaluated for the host. */
  readonly value?: unknown;
  /** Why there is no value before the run, or ever. */
  readonly problem?: string;
}

/**
 * A task that sets the variable in the run: from there on it is stronger than all but loops and
 * `--extra-vars`.
 */
export interface Change {
  readonly play: string;
  readonly task: string;
  readonly by: 'register' | 'set_fact' | 'include_vars';
  readonly at: string;
}

/**
 * Where the value of a variable comes from on a host: for each play that the host is in, and each
 * group of its tasks that see it alike.
 */
export function explain(
  name: string,
  host: string,
  plan: Plan,
): { readonly explanations: readonly Explanation[]; readonly changes: readonly Change[] } {
  const plays = plan.plays.filter(({ hosts }) => hosts.includes(host));
  return {
    explanations: plays.flatMap(play => explainPlay(name, host, play, plan)),
    changes: plays.flatMap(play => changesIn(play, name)),
  };
}

function explainPlay(name: string, host: string, play: PlannedPlay, plan: Plan): readonly Explanation[] {
  const facts = unknown('facts are gathered in the run');
  const common = { plan, play, inventory: plan.inventory, host, check: false, dynamic: [], facts };
  const tasks = tasksOf([...play.stages.flat(), ...play.handlers]);
  const views = tasks.map(planned => ({ planned, input: { ...common, layers: planned.layers, role: planned.role } }));
  const all: readonly View[] = views.length > 0 ? views : [{ input: { ...common, layers: play.layers } }];
  const groups = Map.groupBy(all, ({ input }) => JSON.stringify(settingsOf(input, name)));
  return [...groups.values()].flatMap(group => {
    const [{ input }] = group as [View];
    const settings = settingsOf(input, name);
    if (settings.length === 0) return [];
    const places = groups.size === 1 ? [] : placesOf(group, all);
    return [{ play: play.name, places, settings, ...evaluated(name, input) }];
  });
}

interface View {
  readonly planned?: PlannedTask;
  readonly input: ScopeInput;
}

/** A role where all of its tasks are meant, else the tasks by name. */
function placesOf(group: readonly View[], all: readonly View[]): readonly string[] {
  const roleOf = ({ planned }: View) => planned?.role?.name;
  const whole = (role: string) => all.every(view => roleOf(view) !== role || group.includes(view));
  const names = group.map(view => {
    const role = roleOf(view);
    return role !== undefined && whole(role) ? `role ${role}` : `"${view.planned?.name ?? ''}"`;
  });
  return [...new Set(names)];
}

function settingsOf(input: ScopeInput, name: string): readonly Setting[] {
  const layers = layersOf(input).filter(({ values }) => Object.hasOwn(values, name));
  return layers.map(layer => settingOf(layer, name));
}

function settingOf({ origin, part, values }: Layer, name: string): Setting {
  const written = values[name];
  if (!part) return { origin, written };
  const { file, line } = keyPositionOf(inside(part, name));
  return { origin, at: `${file}:${line}`, written };
}

function evaluated(name: string, input: ScopeInput): Pick<Explanation, 'value' | 'problem'> {
  try {
    return { value: createScope(layersOf(input)).resolve(name) };
  } catch (error) {
    if (error instanceof ValueError || error instanceof UnknownValue) return { problem: error.message };
    throw error;
  }
}

function changesIn(play: PlannedPlay, name: string): readonly Change[] {
  return tasksOf([...play.stages.flat(), ...play.handlers]).flatMap(planned => {
    const by = setterOf(planned, name);
    const { file, line } = positionOf(planned.task.part);
    return by ? [{ play: play.name, task: planned.name, by, at: `${file}:${line}` }] : [];
  });
}

function setterOf(planned: PlannedTask, name: string): Change['by'] | undefined {
  const { register, module, args } = planned.task;
  if (register === name) return 'register';
  if (module === 'set_fact' && isMap(args) && Object.hasOwn(args, name)) return 'set_fact';
  return module === 'include_vars' && Object.hasOwn(comingFrom([planned]), name) ? 'include_vars' : undefined;
}
