import { createHmac } from 'node:crypto';
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

/** Hashes a text with the key of the controller. */
type Hash = (content: string | Buffer) => string;

/**
 * Hashes what a plan was made from: playbooks, roles, files and templates, the inventory, and the
 * variables of the command line.
 * @param key of {@link hashKey}
 */
export function hashInputs(plan: Plan, key: Buffer): Inputs {
  const hash: Hash = content => createHmac('sha256', key).update(content).digest('hex').slice(0, 32);
  const tasks = plan.plays.flatMap(({ stages, gate, handlers }) => [
    ...tasksOf([...stages.flat(), ...gate]),
    ...handlers,
  ]);
  const texts = new Map(partsOf(plan, tasks).map(({ source }) => [source.file, source.text]));
  const read = foldersOf(tasks).flatMap(folder => filesIn(folder));
  const files = [
    ...[...texts].map(([file, text]) => [file, hash(text)] as const),
    ...read.filter(file => !texts.has(file)).map(file => [file, hash(contentOf(file))] as const),
  ];
  return {
    files: Object.fromEntries(files.toSorted(([one], [other]) => one.localeCompare(other))),
    inventory: hash(JSON.stringify(inventoryOf(plan.inventory))),
    variables: Object.fromEntries(
      Object.entries(plan.extraVars.values).map(([name, value]) => [name, hash(JSON.stringify(value) ?? '')]),
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

/** The content of a file; of a large one its size and time; of one that cannot be read, why. */
function contentOf(file: string): string | Buffer {
  try {
    const { size, mtimeMs } = statSync(file);
    return size > large ? `${size} bytes of ${mtimeMs}` : readFileSync(file);
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
