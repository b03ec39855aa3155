import type { Problems } from '../language/problems.ts';
import { inside, isMap, type Part } from '../language/source.ts';
import type { Layer } from '../values/scope.ts';
import { reservedNames } from './host-scope.ts';
import type { PlannedTask } from './plan.ts';

/** Names of Hostwright's own that a task, or anything around it, sets: the value would never be seen. */
export function checkNames({ task, layers }: PlannedTask, problems: Problems): void {
  for (const layer of (Object.values(layers) as (readonly Layer[])[]).flat()) checkLayer(layer, problems);
  if (task.register !== undefined) checkName(task.register, inside(task.part, 'register'), problems);
  if (task.loop) {
    const { loopVar, indexVar } = task.loop.control;
    const control = inside(task.part, 'loop_control');
    checkName(loopVar, inside(control, 'loop_var'), problems);
    if (indexVar !== undefined) checkName(indexVar, inside(control, 'index_var'), problems);
  }
  if (task.module === 'set_fact' && isMap(task.args)) {
    for (const name of Object.keys(task.args)) checkKey(name, inside(task.argsPart, name), problems);
  }
}

/** The same of variables that are given elsewhere; what a program printed may hold what it likes. */
export function checkLayer({ values, part, literal }: Layer, problems: Problems): void {
  if (!part || literal) return;
  for (const name of Object.keys(values)) checkKey(name, inside(part, name), problems);
}

function checkName(name: string, part: Part, problems: Problems): void {
  if (reservedNames.includes(name)) problems.add(part, messageFor(name), hint);
}

function checkKey(name: string, part: Part, problems: Problems): void {
  if (reservedNames.includes(name)) problems.addAtKey(part, messageFor(name), hint);
}

function messageFor(name: string): string {
  return `"${name}" is a name of Hostwright's own and cannot be set`;
}

const hint = 'Choose another name.';
