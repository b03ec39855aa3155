import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { exitCodes, HostwrightError } from '../errors.ts';
import { collectProblems, type Problems } from '../language/problems.ts';
import { readVariables } from '../language/read-role.ts';
import { parseYaml } from '../language/yaml.ts';
import { assemble } from './assemble.ts';
import { type Draft, draftGroup, draftHost, emptyDraft, type Inventory, type InventoryVariables } from './inventory.ts';
import { expandRange } from './ranges.ts';
import { readIniInventory } from './read-ini.ts';
import { readProgramInventory } from './read-program.ts';
import { readYamlInventory } from './read-yaml.ts';

const ignoredEndings = new Set(['.md', '.txt', '.bak', '.orig', '.retry', '.json~']);

/**
 * Reads inventories in order: files (YAML, INI or a program), directories of them, and lists of hosts with a comma in them (`hv1,hv2`).
 * `group_vars` and `host_vars` beside each file or inside each directory, and beside the playbooks, belong to it.
 * @param playbookDirectories where group_vars and host_vars may stand too; they win over the inventory's own.
 * @throws InvalidInput, HostwrightError
 */
export function readInventory(sources: readonly string[], playbookDirectories: readonly string[] = []): Inventory {
  const draft = emptyDraft();
  const problems = collectProblems();
  for (const source of sources) readSource(source, draft, problems);
  const directories = sources
    .filter(existsSync)
    .map(source => (statSync(source).isDirectory() ? source : dirname(source)));
  for (const directory of new Set([...directories, ...playbookDirectories])) readFolders(directory, draft, problems);
  problems.throwIfAny();
  return assemble(draft);
}

function readSource(source: string, draft: Draft, problems: Problems): void {
  if (!existsSync(source)) {
    if (source.includes(',')) {
      readList(source, draft);
      return;
    }
    throw new HostwrightError('inventory.missing', `There is no inventory ${source}.`, {
      hint: 'Name a file or folder, or hosts with a comma: -i hv1,hv2 (-i hv1, for one).',
      exitCode: exitCodes.usage,
    });
  }
  if (statSync(source).isDirectory()) {
    for (const name of readdirSync(source).toSorted()) {
      const inner = join(source, name);
      const skipped = name.startsWith('.') || ignoredEndings.has(extname(name)) || /^(group|host)_vars$/.test(name);
      if (!skipped && statSync(inner).isFile()) readFile(inner, draft, problems);
    }
    return;
  }
  readFile(source, draft, problems);
}

function readList(source: string, draft: Draft): void {
  const names = source.split(',').filter(name => name.trim() !== '');
  for (const name of names.flatMap(item => expandRange(item.trim()))) {
    draftGroup(draft, 'ungrouped').hosts.add(name);
    draftHost(draft, name);
  }
}

function readFile(file: string, draft: Draft, problems: Problems): void {
  if (isExecutable(file)) {
    readProgramInventory(file, draft);
    return;
  }
  const text = readFileSync(file, 'utf8');
  if (/^\.(ya?ml|json)$/.test(extname(file)) || looksLikeYaml(text))
    readYamlInventory(parseYaml(text, file), draft, problems);
  else readIniInventory(text, file, draft);
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

/** `group_vars/NAME.yml`, `host_vars/NAME/*.yml`: variables by file name. */
function readFolders(directory: string, draft: Draft, problems: Problems): void {
  for (const [name, variables] of variableFiles(join(directory, 'group_vars'), problems)) {
    if (draft.groups.has(name) || name === 'all') draftGroup(draft, name).variables.push(variables);
    else draft.spare.set(name, [...(draft.spare.get(name) ?? []), variables]);
  }
  for (const [name, variables] of variableFiles(join(directory, 'host_vars'), problems)) {
    if (draft.hosts.has(name)) draftHost(draft, name).push(variables);
  }
}

function variableFiles(directory: string, problems: Problems): readonly (readonly [string, InventoryVariables])[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .toSorted()
    .flatMap(entry => {
      const path = join(directory, entry);
      const name = basename(entry, extname(entry));
      const files = statSync(path).isDirectory()
        ? readdirSync(path)
            .toSorted()
            .map(inner => join(path, inner))
        : [path];
      return files.filter(isVariableFile).flatMap(file => {
        const read = readVariables(file, problems);
        return read ? [[name, { origin: file, values: read.values, literal: false, part: read.part }] as const] : [];
      });
    });
}

function isVariableFile(file: string): boolean {
  return /^(|\.ya?ml|\.json)$/.test(extname(file)) && !basename(file).startsWith('.');
}
