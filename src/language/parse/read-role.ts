import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Role, Step, Variables } from '../model.ts';
import { collectProblems, type Problems } from '../problems.ts';
import { schemaFault } from '../schema-fault.ts';
import { inside, isMap, type Part, type YamlSource } from '../source.ts';
import { readYaml } from '../yaml.ts';
import { secretsHint } from '../yaml-mistakes.ts';
import { optional } from './parse-keywords.ts';
import { parseRoleCalls } from './parse-role-calls.ts';
import { parseSteps, type StepVocabulary } from './parse-steps.ts';

/** Roles by name, each in a folder of its own. */
export interface NamedRoles {
  /** How they are called together in messages. */
  readonly title: string;
  readonly names: readonly string[];
  /** The folder of one of them. @throws InvalidInput if it is not as it must be */
  readonly find: (name: string) => string;
}

/** Where roles are looked for, in order: folders of roles, and roles by name. */
export type RolePath = readonly (string | NamedRoles)[];

/** The folder of a role: the first of the search path that has it. @throws InvalidInput */
export function findRole(name: string, searchPath: RolePath): string | undefined {
  for (const place of searchPath) {
    if (typeof place !== 'string') {
      if (place.names.includes(name)) return place.find(name);
    } else if (existsSync(join(place, name))) return join(place, name);
  }
  return undefined;
}

/** Names of the roles on a search path, for suggestions and `hostwright doc`. */
export function listRoles(searchPath: RolePath): readonly string[] {
  const names = searchPath.flatMap(place => (typeof place === 'string' ? foldersIn(place) : place.names));
  return [...new Set(names)].toSorted();
}

function foldersIn(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  const entries = readdirSync(directory, { withFileTypes: true });
  return entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
}

/**
 * Reads a role's folder.
 * @throws InvalidInput with everything that is wrong with the form of its files.
 */
export function readRole(name: string, directory: string, vocabulary: StepVocabulary): Role {
  const problems = collectProblems();
  const role = parseRole(name, directory, vocabulary, problems);
  problems.throwIfAny();
  return role;
}

/** The same, but what is wrong goes to `problems` and is left out. */
export function parseRole(name: string, directory: string, vocabulary: StepVocabulary, problems: Problems): Role {
  const main = (folder: string) => readOptional(join(directory, folder), 'main', problems);
  const schema = schemaOf(readOptional(directory, 'schema', problems), problems);
  return Object.freeze({
    name,
    directory,
    tasks: stepsOf(main('tasks'), problems, vocabulary),
    handlers: stepsOf(main('handlers'), problems, vocabulary),
    ...metaOf(main('meta'), problems),
    ...optional('defaults', variablesOf(main('defaults'), problems)),
    ...optional('vars', variablesOf(main('vars'), problems)),
    ...optional('schema', schema),
  }) as Role;
}

/**
 * `meta/main.yml`: the roles that come first, and whether the same call may run twice. What Galaxy
 * wants there is passed over.
 */
function metaOf(source: YamlSource | undefined, problems: Problems): Pick<Role, 'dependencies' | 'allowDuplicates'> {
  if (!source || !isMap(source.value)) return { dependencies: [], allowDuplicates: false };
  const { allow_duplicates: twice, dependencies } = source.value;
  const part: Part = { source, path: ['dependencies'] };
  return { dependencies: parseRoleCalls(dependencies, part, problems), allowDuplicates: twice === true };
}

function schemaOf(source: YamlSource | undefined, problems: Problems): Role['schema'] {
  if (!source) return undefined;
  const part: Part = { source, path: [] };
  if (!isMap(source.value)) {
    problems.add(part, 'a schema is a map');
    problems.leaveOut();
    return undefined;
  }
  const fault = schemaFault(source.value);
  if (fault !== undefined) {
    const tell = fault.atKey ? problems.addAtKey : problems.add;
    tell(inside(part, ...fault.path), `this is not JSON Schema: ${fault.message}`, fault.hint);
    problems.leaveOut(source.value);
  }
  return fault === undefined ? { value: source.value, source } : undefined;
}

/** Reads a file of tasks that is included. */
export function readTasks(file: string, problems: Problems, vocabulary: StepVocabulary): readonly Step[] {
  return stepsOf(
    problems.read(() => readYaml(file)),
    problems,
    vocabulary,
  );
}

/** Reads a file of variables (`vars_files`, `defaults/main.yml`): a map, or nothing. */
export function readVariables(file: string, problems: Problems): Variables | undefined {
  return variablesOf(
    problems.read(() => readYaml(file)),
    problems,
  );
}

function readOptional(directory: string, name: string, problems: Problems): YamlSource | undefined {
  const file = [`${name}.yml`, `${name}.yaml`].map(base => join(directory, base)).find(existsSync);
  return file ? problems.read(() => readYaml(file)) : undefined;
}

function stepsOf(source: YamlSource | undefined, problems: Problems, vocabulary: StepVocabulary): readonly Step[] {
  if (!source) return [];
  problems.doubts(source);
  return parseSteps(source.value, { source, path: [] }, problems, vocabulary);
}

function variablesOf(source: YamlSource | undefined, problems: Problems): Variables | undefined {
  if (!source || source.value === null || source.value === undefined) return undefined;
  problems.doubts(source, 'variables');
  const part: Part = { source, path: [] };
  if (isMap(source.value)) return { values: source.value, part };
  const isVault = source.text.startsWith('$ANSIBLE_VAULT;');
  if (isVault) problems.add(part, 'this file is in a vault of Ansible', secretsHint);
  else problems.add(part, 'a file of variables is a map');
  problems.leaveOut(isVault ? undefined : source.value);
  return undefined;
}
