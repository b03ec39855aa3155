import { globSync } from 'node:fs';
import { readVariables } from '../language/parse/read-role.ts';
import { collectProblems } from '../language/problems.ts';
import { isMap } from '../language/source.ts';
import { unknown } from '../values/scope.ts';
import type { PlannedTask } from './plan.ts';

/** Names that tasks of a run will set, each with an unknown in its place. */
export type Coming = Readonly<Record<string, unknown>>;

/** The names that these tasks will set: registers, set_fact, include_vars. */
export function comingFrom(tasks: readonly PlannedTask[]): Coming {
  const names = tasks.flatMap(planned => [
    ...(planned.task.register === undefined ? [] : [planned.task.register]),
    ...(planned.task.module === 'set_fact' && isMap(planned.task.args) ? Object.keys(planned.task.args) : []),
    ...(planned.task.module === 'include_vars' ? namesInFiles(planned) : []),
  ]);
  return Object.fromEntries(names.map(name => [name, unknown('its task has not run yet')]));
}

/**
 * The names in every file that an `include_vars` may mean: where its path is only known in the run,
 * all that fit it.
 */
function namesInFiles({ task, searchPath }: PlannedTask): readonly string[] {
  const args = isMap(task.args) ? task.args : { file: task.args };
  if (typeof args.name === 'string') return [args.name];
  const file = args.file ?? args._;
  const pattern =
    typeof file === 'string' ? file : typeof args.dir === 'string' ? `${args.dir}/**/*.{yml,yaml,json}` : '';
  const glob = pattern.replace(/\{\{[\s\S]*?\}\}/g, '*');
  const files = searchPath.variables.flatMap(directory =>
    globSync(glob, { cwd: directory }).map(name => `${directory}/${name}`),
  );
  return [...new Set(files)].flatMap(found => Object.keys(readQuietly(found)));
}

/** A file that is not a file of variables is told of where it is included. */
function readQuietly(file: string): Readonly<Record<string, unknown>> {
  return readVariables(file, collectProblems())?.values ?? {};
}

/**
 * Says of a name in a host pattern whether these tasks may bring a host or group of that name:
 * add_host, group_by, an inventory that is read again.
 */
export function comingHosts(tasks: readonly PlannedTask[]): (name: string) => boolean {
  const patterns = tasks.flatMap(({ task }) => hostNames(task).map(nameRegex));
  return name => patterns.some(pattern => pattern.test(name)) || (patterns.length > 0 && /[*?[~]/.test(name));
}

function hostNames({ module, args }: PlannedTask['task']): readonly string[] {
  const given = isMap(args) ? args : {};
  const texts = (...keys: string[]) =>
    keys.flatMap(key => [given[key] ?? []].flat().flatMap(item => String(item).split(',')));
  if (module === 'add_host') return texts('name', 'hostname', 'host', 'groups', 'groupname', 'group');
  if (module === 'group_by')
    return [...texts('key', 'parents', '_'), ...(typeof args === 'string' ? [args] : [])].map(dashes);
  const anything = module === 'meta' && (args === 'refresh_inventory' || given.do === 'refresh_inventory');
  return anything ? ['{{ anything }}'] : [];
}

/** What `group_by` makes of blanks, outside of templates. */
function dashes(text: string): string {
  return text.replace(/ (?![^{]*\}\})/g, '-');
}

/** A name in which templates stand for anything. */
function nameRegex(text: string): RegExp {
  const pieces = text
    .trim()
    .split(/\{\{[\s\S]*?\}\}/)
    .map(piece => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.*')}$`);
}
