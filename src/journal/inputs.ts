import { createHash, createHmac } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Inputs } from '../events/run-start.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Part } from '../language/source.ts';
import type { Plan, PlannedTask } from '../plan/plan.ts';
import { tasksOf } from '../plan/walk.ts';

/** Folders that hold what tasks read. What is elsewhere next to a playbook is not looked at. */
const folderNames: ReadonlySet<string> = new Set(['files', 'templates', 'vars']);

/** Bytes of a file from which on its size and time stand for its content. */
const large = 2 ** 20;

/**
 * What a plan was made from, as texts: the content of playbooks and roles, a hash of that of other
 * files, the inventory, and the variables of the command line.
 */
export type InputTexts = Inputs;

/** Hashes the text of an input so that the text cannot be found from it. */
export type HashText = (text: string) => string;

/** @param key what only those know who may try what a text was */
export function hashWith(key: Buffer): HashText {
  return text => createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
}

/** Hashes what {@link readInputs} has read, which several may do, each with a key of its own. */
export function hashInputs({ files, inventory, variables }: InputTexts, hash: HashText): Inputs {
  return { files: eachOf(files, hash), inventory: hash(inventory), variables: eachOf(variables, hash) };
}

function eachOf(texts: Readonly<Record<string, string>>, hash: HashText): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, hash(text)]));
}

/** Reads what a plan was made from. Of files, it may be much: read it once. */
export function readInputs(plan: Plan): InputTexts {
  const tasks = plan.plays.flatMap(({ stages, gate, handlers }) => [
    ...tasksOf([...stages.flat(), ...gate]),
    ...handlers,
  ]);
  const texts = new Map(partsOf(plan, tasks).map(({ source }) => [source.file, source.text]));
  const read = foldersOf(tasks).flatMap(folder => filesIn(folder));
  const files = [...texts, ...read.filter(file => !texts.has(file)).map(file => [file, contentOf(file)] as const)];
  return {
    files: Object.fromEntries(files.toSorted(([one], [other]) => one.localeCompare(other))),
    inventory: JSON.stringify(inventoryOf(plan.inventory)),
    variables: Object.fromEntries(
      Object.entries(plan.extraVars.values).map(([name, value]) => [name, JSON.stringify(value) ?? '']),
    ),
  };
}

/** The parts of YAML files that the plan was made from: plays, tasks, variables. */
function partsOf({ plays }: Plan, tasks: readonly PlannedTask[]): readonly Part[] {
  const layers = new Set([...plays, ...tasks].flatMap(each => Object.values(each.layers).flat()));
  return [
    ...plays.map(({ play }) => play.part),
    ...tasks.map(({ task }) => task.part),
    ...[...layers].flatMap(({ part }) => part ?? []),
  ];
}

function foldersOf(tasks: readonly PlannedTask[]): readonly string[] {
  const all = tasks.flatMap(({ searchPath: { source, template, variables } }) => [
    ...source,
    ...template,
    ...variables,
  ]);
  return [...new Set(all)].filter(folder => folderNames.has(basename(folder)));
}

/** The files of a folder and of those in it; nothing of a folder that is not there. */
function filesIn(folder: string): readonly string[] {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : path;
  });
}

/** The hash of a file; of a large one its size and time; of one that cannot be read, why. */
function contentOf(file: string): string {
  try {
    const { size, mtimeMs } = statSync(file);
    return size > large ? `${size} bytes of ${mtimeMs}` : createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

function inventoryOf({ hosts, groups }: Inventory): unknown {
  return [
    [...hosts.values()].map(({ name, groups: own, variables }) => [name, own, variables.map(({ values }) => values)]),
    [...groups.values()].map(({ name, hosts: members }) => [name, members]),
  ];
}
