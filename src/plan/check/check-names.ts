import type { Problems } from '../../language/problems.ts';
import { inside, isMap, type Part } from '../../language/source.ts';
import type { Layer } from '../../values/scope.ts';
import { misuseOf, type Setter } from '../connection-variables.ts';
import { reservedNames } from '../host-scope.ts';
import type { PlannedTask } from '../plan.ts';

/**
 * Names of Hostwright's own that a task, or anything around it, sets: the value would never be
 * seen.
 */
export function checkNames({ task, layers }: PlannedTask, problems: Problems): void {
  for (const layer of layers.play) checkLayer(layer, 'play', problems);
  for (const layer of [...layers.roleDefaults, ...layers.roleVars, ...layers.params, ...layers.local])
    checkLayer(layer, 'task', problems);
  if (task.register !== undefined) checkName(task.register, inside(task.part, 'register'), problems);
  if (task.loop) {
    const { loopVar, indexVar } = task.loop.control;
    const control = inside(task.part, 'loop_control');
    checkName(loopVar, inside(control, 'loop_var'), problems);
    if (indexVar !== undefined) checkName(indexVar, inside(control, 'index_var'), problems);
  }
  const names = isMap(task.args) ? Object.keys(task.args) : [];
  const place = (name: string) => inside(task.argsPart, name);
  if (task.module === 'set_fact') for (const name of names) checkKey(name, 'task', place(name), problems);
  if (task.module !== 'add_host') return;
  // Its own arguments stand next to the variables of the host.
  for (const name of names.filter(item => item.startsWith('ansible_'))) checkKey(name, 'play', place(name), problems);
}

/**
 * The same of variables that are given elsewhere; what a program printed may hold what it likes.
 */
export function checkLayer({ values, part, literal }: Layer, by: Setter, problems: Problems): void {
  if (!part || literal) return;
  for (const name of Object.keys(values)) checkKey(name, by, inside(part, name), problems);
}

function checkName(name: string, part: Part, problems: Problems): void {
  const wrong = wrongName(name, 'task');
  if (wrong) problems.add(part, wrong.message, wrong.hint);
}

function checkKey(name: string, by: Setter, part: Part, problems: Problems): void {
  const wrong = wrongName(name, by);
  if (wrong) problems.addAtKey(part, wrong.message, wrong.hint);
}

/** What is wrong with setting a variable of this name. */
function wrongName(name: string, by: Setter): { readonly message: string; readonly hint: string } | undefined {
  if (!reservedNames.includes(name)) return misuseOf(name, by);
  return { message: `"${name}" is a name of Hostwright's own and cannot be set`, hint: 'Choose another name.' };
}
