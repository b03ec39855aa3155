import { readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import type { AnyCallable } from '../../callable.ts';
import { asMap, keyValues } from '../../language/key-value.ts';
import type { Task } from '../../language/model.ts';
import type { Problems } from '../../language/problems.ts';
import { hasEvaluated, isMap, textPart } from '../../language/source.ts';
import { emptyRather, hintAt } from '../../language/validate.ts';
import { parseYaml } from '../../language/yaml.ts';
import { ValueError } from '../../values/errors.ts';
import { formScope } from '../../values/form-scope.ts';
import type { Scope } from '../../values/scope.ts';
import { escapingOf } from '../../values/template.ts';
import { readVariable } from '../../values/variable-path.ts';
import { argumentMap, argumentPart, evaluateArguments, pathOf, schemaOf } from '../arguments/evaluate-arguments.ts';
import { attempt, report } from '../attempt.ts';
import { fileArguments } from '../catalogue.ts';
import { findFile, lookedIn } from '../find-file.ts';
import type { PlannedTask } from '../plan.ts';
import { insteadOfFolder } from './folder-copy.ts';
import type { OwnedBy } from './owners.ts';

/**
 * Compares a task's arguments on a host with the module's schema, its files and its own rules.
 * Where the task is skipped (the scope is {@link formScope}), its files need not be there.
 * @returns what they own
 */
export function checkArguments(
  planned: PlannedTask,
  callable: AnyCallable,
  scope: Scope,
  problems: Problems,
): readonly OwnedBy[] {
  const { args: given, argsPart } = planned.task;
  const map = isPairs(given, callable) ? undefined : argumentMap(given, callable);
  const raw = map ?? readPairs(planned.task, callable, problems);
  if (!raw) return [];
  if (!checkFreeForm(planned, callable, problems) || !checkTemplatesInConditions(planned, callable, raw, problems))
    return [];
  const place = (path: readonly (string | number)[]) => argumentPart(argsPart, given, path, callable);
  const evaluated = evaluateArguments(raw, callable, scope, (error, path) => report(problems, place(path), error));
  for (const problem of evaluated.problems.map(each => emptyRather(each, raw))) {
    const add = problem.atKey ? problems.addAtKey : problems.add;
    const part = place(problem.path);
    if (planned.settings.noLog && hasEvaluated(valueAt(raw, problem.path)))
      add(part, `${callable.name}: an argument is wrong; no_log hides how`);
    else add(part, `${callable.name}: ${problem.message}`, hintAt(problem, part));
  }
  for (const condition of callable.conditions?.(raw) ?? [])
    attempt(problems, place(pathOf(raw, condition) ?? []), () => scope.test(condition));
  for (const variable of callable.variables?.(raw) ?? [])
    attempt(problems, place(pathOf(raw, variable) ?? []), () => readVariable(scope, variable));
  const { args, complete } = evaluated;
  checkFiles(planned, callable, args, scope, problems);
  if (!complete) return [];
  for (const { argument, message } of callable.problems?.(args) ?? [])
    problems.add(place([argument]), `${callable.name}: ${sentence(argument, message)}`);
  return (callable.owns?.(args) ?? []).map(owner => ({ ...owner, part: argsPart }));
}

/** Whether the text of a free form begins with an argument of the module: `path=/a mode=0644`. */
function isPairs(given: unknown, { freeForm, args: { properties } }: AnyCallable): boolean {
  // Where the text is a command, it may begin with a variable of its environment.
  if (freeForm === undefined || freeForm === 'cmd' || typeof given !== 'string' || !/^\w+=/.test(given)) return false;
  return keyValues(given).some(([name]) => Object.hasOwn(properties, name));
}

/** Arguments in Ansible's old form: that is told, and they are looked at all the same. */
function readPairs({ args, argsPart }: Task, callable: AnyCallable, problems: Problems): RawArguments | undefined {
  const { _: text, ...others } = isMap(args) ? args : { _: args };
  const map = asMap(String(text), name => schemaOf(name, callable));
  const hint = map === undefined ? seeDoc(callable) : `Write them as a map: ${map}.`;
  problems.add(argsPart, `"${callable.name}" takes a map of arguments`, hint);
  if (map === undefined) return undefined;
  return argumentMap({ ...others, ...(parseYaml(map, argsPart.source.file).value as RawArguments) }, callable);
}

type RawArguments = Readonly<Record<string, unknown>>;

/** What is written at a path of the arguments. */
function valueAt(raw: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Readonly<Record<string, unknown>> | undefined)?.[step], raw);
}

/** What is said of an argument begins with its verb. */
function sentence(argument: string, message: string): string {
  const predicate = /^(is|are|has|must|may|cannot|does|needs|wants|takes|goes|stands|ends|contains|decides) /;
  return predicate.test(message) ? `"${argument}" ${message}` : message;
}

/**
 * Files that the arguments name exist, and templates can be rendered for this host as far as their
 * values are known.
 */
function checkFiles(
  planned: PlannedTask,
  callable: AnyCallable,
  args: Readonly<Record<string, unknown>>,
  scope: Scope,
  problems: Problems,
): void {
  const { task, searchPath } = planned;
  for (const { name, file, kind } of fileArguments(callable.args, args)) {
    const path = findFile(file, searchPath[kind]);
    const part = argumentPart(task.argsPart, task.args, [name], callable);
    if (path === undefined) {
      if (scope !== formScope) problems.add(part, `the file "${file}" does not exist`, lookedIn(searchPath[kind]));
    } else if (statSync(path).isDirectory()) {
      problems.add(part, `"${file}" is a folder, not a file`, insteadOfFolder(planned, file, path));
    } else if (kind === 'template') {
      const text = readFileSync(path, 'utf8');
      const near = relative('', path);
      const part = textPart(near.startsWith('..') ? path : near, text);
      attempt(problems, part, () => scope.render(text, escapingOf(path)));
    }
  }
}

/** Arguments that Ansible takes out of the text of a command. */
const ansibleInText: ReadonlySet<string> = new Set(['creates', 'removes', 'chdir', 'stdin']);

/**
 * `command: make creates=/x`: in Ansible an argument, here a word of the command, which is not what
 * was meant.
 */
function checkFreeForm({ task }: PlannedTask, callable: AnyCallable, problems: Problems): boolean {
  if (typeof task.args !== 'string' || callable.freeForm === undefined) return true;
  const { freeForm } = callable;
  const words = task.args.split(/\s+/);
  const first = words.find(word => {
    const name = /^(\w+)=/.exec(word)?.[1];
    return name !== undefined && ansibleInText.has(name) && Object.hasOwn(callable.args.properties, name);
  });
  if (first === undefined) return true;
  const [name, value] = [first.slice(0, first.indexOf('=')), first.slice(first.indexOf('=') + 1)];
  const text = words.filter(word => word !== first).join(' ');
  const hint = `Write: ${callable.name}: {${freeForm}: ${JSON.stringify(text)}, ${name}: ${JSON.stringify(value)}}.`;
  const message = `"${name}=" in the text of "${callable.name}" is a part of that text, not an argument`;
  problems.add(task.argsPart, message, hint, task.args.indexOf(first));
  return false;
}

/**
 * A condition with {{ }} in it would become an expression made of data: what a host printed would
 * be code.
 */
function checkTemplatesInConditions(
  { task }: PlannedTask,
  callable: AnyCallable,
  raw: Readonly<Record<string, unknown>>,
  problems: Problems,
): boolean {
  const conditions = callable.conditions?.(raw) ?? [];
  const wrong = conditions.filter(text => text.includes('{{'));
  for (const text of wrong) {
    const error = new ValueError(`the condition "${text}" has {{ }} in it`, {
      hint: `An expression names its variables without: ${text.replace(/\{\{\s*(.*?)\s*\}\}/g, '$1')}`,
    });
    report(problems, argumentPart(task.argsPart, task.args, pathOf(raw, text) ?? [], callable), error);
  }
  return wrong.length === 0;
}

function seeDoc({ name }: AnyCallable): string {
  return `See "hostwright doc ${name}".`;
}
