import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { exitCodes, HostwrightError } from '../errors.ts';
import { InvalidInput } from '../language/diagnostic.ts';
import type { Findings } from '../language/findings.ts';
import { collectProblems, type Problems } from '../language/problems.ts';
import { parseYaml } from '../language/yaml.ts';
import { assemble } from './assemble.ts';
import { namedHosts } from './host-port.ts';
import { type Draft, draftHost, emptyDraft, type Inventory } from './inventory.ts';
import { readIniInventory } from './read-ini.ts';
import { readProgramInventory } from './read-program.ts';
import { readYamlInventory } from './read-yaml.ts';
import { readVariableFiles } from './variable-files.ts';

/**
 * What editors, package managers and Ansible leave in a folder, and what explains it: Ansible's
 * list (INVENTORY_IGNORE_EXTS), but for `.ini`, which is an inventory, and with what rpm, dpkg and
 * patch leave.
 */
const ignored = /(~|\.(md|txt|rst|bak|orig|rej|retry|cfg|swp|pyc|pyo|rpm|rpmnew|rpmsave|rpmorig|dpkg-\w+|ucf-\w+))$/;

/** An inventory as far as it can be read, and what is wrong with its files. */
export interface SurveyedInventory {
  readonly inventory: Inventory;
  readonly problems: Findings;
}

/**
 * Reads inventories in order: files (YAML, INI or a program), directories of them, and lists of
 * hosts with a comma in them (`hv1,hv2`). `group_vars` and `host_vars` next to each file or inside
 * each directory, and next to the playbooks, belong to it.
 * @param playbookDirectories where group_vars and host_vars may be, too; they win over the
 * inventory's own.
 * @returns what could be read, so that a mistake in it hides none of a playbook
 * @throws HostwrightError for what no file says: a source that is not there, a program that fails
 */
export function surveyInventory(
  sources: readonly string[],
  playbookDirectories: readonly string[] = [],
): SurveyedInventory {
  return survey(sources, playbookDirectories, true);
}

/** As {@link surveyInventory}, without the hosts of programs: it runs none. */
export function surveyFiles(sources: readonly string[]): SurveyedInventory {
  return survey(sources, [], false);
}

/** The inventory of a survey that found nothing wrong. @throws InvalidInput */
export function soundInventory({ inventory, problems }: SurveyedInventory): Inventory {
  if (problems.diagnostics.length > 0) throw new InvalidInput(problems.diagnostics);
  return inventory;
}

/** What sources are read into. */
interface Reading {
  readonly draft: Draft;
  readonly problems: Problems;
  readonly runsPrograms: boolean;
}

function survey(
  sources: readonly string[],
  playbookDirectories: readonly string[],
  runsPrograms: boolean,
): SurveyedInventory {
  const draft = emptyDraft();
  const problems = collectProblems();
  for (const source of sources) readSource(source, { draft, problems, runsPrograms });
  const directories = sources
    .filter(existsSync)
    .map(source => (statSync(source).isDirectory() ? source : dirname(source)));
  for (const [rank, directory] of lastOfEach([...directories, ...playbookDirectories]).entries()) {
    readVariableFiles(directory, rank, { draft, problems });
  }
  return { inventory: assemble(draft), problems: problems.findings() };
}

/** Of folders that are named twice the stronger place counts. */
function lastOfEach(directories: readonly string[]): readonly string[] {
  const paths = directories.map(directory => resolve(directory));
  return directories.filter((directory, at) => paths.lastIndexOf(resolve(directory)) === at);
}

function readSource(source: string, reading: Reading): void {
  if (!existsSync(source)) {
    if (source.includes(',')) {
      readList(source, reading.draft);
      return;
    }
    throw new HostwrightError('inventory.missing', `There is no inventory ${source}.`, {
      hint: 'Name a file or folder, or hosts with a comma: -i hv1,hv2 (-i hv1, for one).',
      exitCode: exitCodes.usage,
    });
  }
  if (statSync(source).isDirectory()) {
    const own = (name: string) => !/^(\.|(group_vars|host_vars|vars_plugins)$)/.test(name) && !ignored.test(name);
    for (const name of readdirSync(source).toSorted().filter(own)) readSource(join(source, name), reading);
    return;
  }
  readFile(source, reading);
}

function readList(source: string, draft: Draft): void {
  const names = source.split(',').filter(name => name.trim() !== '');
  for (const { names: hosts, variables } of names.map(item => namedHosts(item.trim(), '--inventory'))) {
    for (const name of hosts) draftHost(draft, name).push(...variables);
  }
}

function readFile(file: string, { draft, problems, runsPrograms }: Reading): void {
  if (isExecutable(file)) {
    if (runsPrograms) readProgramInventory(file, draft);
    return;
  }
  const text = readFileSync(file, 'utf8');
  if (!/^\.(ya?ml|json)$/.test(extname(file)) && !looksLikeYaml(text)) {
    problems.catch(() => readIniInventory(text, file, draft));
    return;
  }
  const source = problems.read(() => parseYaml(text, file));
  if (source) readYamlInventory(source, draft, problems);
}

function looksLikeYaml(text: string): boolean {
  const first = text.split('\n').find(line => line.trim() !== '' && !line.trimStart().startsWith('#'));
  return first !== undefined && /^(---|[\w.-]+:\s*($|\{))/.test(first);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return (statSync(file).mode & 0o111) !== 0 && readFileSync(file).subarray(0, 2).toString() === '#!';
  } catch {
    return false;
  }
}
