import type { Command } from 'commander';
import { hazards } from '../../events/result.ts';
import { factGroups } from '../../facts/index.ts';
import { surveyFiles } from '../../inventory/read-inventory.ts';
import { lastRun } from '../../journal/find-run.ts';
import { runIds, stateFolder } from '../../journal/folder.ts';
import { readPlaybook } from '../../language/parse/parse-playbook.ts';
import { findRole, listRoles, readRole } from '../../language/parse/read-role.ts';
import { modules } from '../../modules/index.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import { fullName } from '../../plan/start-at.ts';
import { tasksOf } from '../../plan/walk.ts';
import { actions } from '../../run/actions/index.ts';
import { functions } from '../../values/functions/index.ts';
import { outerValues, playbookArgument } from '../settings/apply.ts';
import { optionName, type SettingName } from '../settings/table.ts';
import { catalogue, findCallable, vocabulary } from '../shared/catalogue.ts';
import { schemaNames } from '../shared/editor-settings.ts';
import { preparePlan } from '../shared/execute.ts';
import type { RunFlags } from '../shared/options.ts';
import { inventorySources, rolePath } from '../shared/sources.ts';
import type { TypedLine } from './typed-line.ts';

/** A word that may come, and what it is. */
export interface Candidate {
  readonly word: string;
  readonly about?: string;
}

/** What may come; `files` or `folders` where the shell knows better. */
export type Candidates = readonly Candidate[] | 'files' | 'folders';

type Source = (line: TypedLine) => Candidates;

/**
 * What can be said of a word by the name that arguments and options have for it in the commands.
 */
const sources: Readonly<Record<string, Source>> = {
  command: ({ command }) => visible(command).map(each => ({ word: each.name(), about: each.description() })),
  option: ({ command }) =>
    command
      .createHelp()
      .visibleOptions(command)
      .map(({ long, short, description }) => about(long ?? short ?? '', description)),
  pattern: hostsAndGroups,
  host: line => plain(surveyOf(line).inventory.hosts.keys()),
  module: () => [...modules, ...actions].map(({ name, summary }) => about(name, summary)),
  role: line => plain(listRoles(rolePath(flagsOf(line)))),
  name: line => (line.command.name() === 'doc' ? documented(line) : []),
  groups: () => factGroups.map(({ name, summary }) => about(name, summary)),
  run: line => plain([lastRun, ...runIds(stateFolder(stateOf(line))).toReversed()]),
  schema: () => plain(schemaNames()),
  tags,
  task: line => plain(new Set(plannedTasks(line).map(fullName))),
  hazards: () => plain(hazards),
  arguments: ({ args: [, module = ''] }) => assignments(findCallable(module)?.args.properties ?? {}),
  parameters: line => assignments(parametersOf(line)),
  file: () => 'files',
  playbook: () => 'files',
  plan: () => 'files',
  path: () => 'files',
  source: () => 'files',
  vars: () => 'files',
  folder: () => 'folders',
};

/** What may come at the end of a line; wrong files and settings have nothing to say. */
export function candidatesFor(line: TypedLine): Candidates {
  const { wanted } = line;
  if (wanted === undefined) return [];
  const found = 'words' in wanted ? plain(wanted.words) : (sources[wanted.kind]?.(line) ?? []);
  if (typeof found === 'string') return found;
  const kind = 'kind' in wanted ? wanted.kind : '';
  // The last of several: hosts with ":" or ",", tags and hazards with ",".
  const listed = { pattern: /^.*[:,][&!]?|^[&!]/s, tags: /^.*,/s, hazards: /^.*,/s }[kind];
  const settled = listed?.exec(line.current)?.[0] ?? '';
  const start = line.current.slice(settled.length);
  return found
    .filter(({ word }) => word.startsWith(start))
    .map(candidate => ({ ...candidate, word: `${line.before}${settled}${candidate.word}` }));
}

function visible(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command);
}

function about(word: string, text: string): Candidate {
  return { word, about: text };
}

function plain(words: Iterable<string>): readonly Candidate[] {
  return [...words].map(word => ({ word }));
}

function assignments(properties: Readonly<Record<string, object>>): readonly Candidate[] {
  return Object.entries(properties).map(([name, schema]) =>
    about(`${name}=`, (schema as { description?: string }).description ?? ''),
  );
}

/** What the line, the environment and hostwright.yml say of a setting that is a list. */
function listOf(line: TypedLine, name: SettingName): readonly string[] {
  const typed = line.options.get(optionName(name));
  if (typed) return typed;
  const outer = outerValues(line.command, playbooksOf(line)).get(name)?.value;
  return Array.isArray(outer) ? outer.map(String) : [];
}

/** The state folder that the line, the environment or hostwright.yml names. */
function stateOf(line: TypedLine): string | undefined {
  const outer = outerValues(line.command).get('state')?.value;
  return line.options.get(optionName('state'))?.at(-1) ?? (outer === undefined ? undefined : String(outer));
}

function playbooksOf({ command, args }: TypedLine): readonly string[] {
  const at = playbookArgument(command);
  return at < 0 ? [] : args.slice(at);
}

function flagsOf(line: TypedLine): Pick<RunFlags, 'rolesPath' | 'inventory'> {
  return { rolesPath: listOf(line, 'roles_path'), inventory: listOf(line, 'inventory') };
}

/** The hosts of files: a completion runs no program. */
function surveyOf(line: TypedLine) {
  return surveyFiles(inventorySources(listOf(line, 'inventory')));
}

function hostsAndGroups(line: TypedLine): readonly Candidate[] {
  const { hosts, groups } = surveyOf(line).inventory;
  return [
    ...[...groups.keys()].map(name => about(name, 'group')),
    ...[...hosts.keys()].map(name => about(name, 'host')),
  ];
}

function tags(line: TypedLine): readonly Candidate[] {
  return plain(new Set(plannedTasks(line).flatMap(task => task.tags)));
}

function plannedTasks(line: TypedLine): readonly PlannedTask[] {
  const playbooks = playbooksOf(line).map(file => readPlaybook(file, vocabulary));
  const flags = { ...flagsOf(line), extraVars: [], tags: [], skipTags: [] } as unknown as RunFlags;
  const { plan } = preparePlan(playbooks, surveyOf(line), flags, { extraVars: { values: {}, texts: new Set() } });
  const steps = plan.plays.flatMap(({ stages, gate, handlers }) => [...stages.flat(), ...gate, ...handlers]);
  return tasksOf(steps);
}

function documented(line: TypedLine): readonly Candidate[] {
  return [
    ...plain([...catalogue.keys(), 'functions', ...functions.map(({ name }) => name)]),
    ...plain(listRoles(rolePath(flagsOf(line)))),
  ];
}

function parametersOf(line: TypedLine): Readonly<Record<string, object>> {
  const [, name = ''] = line.args;
  const directory = findRole(name, rolePath(flagsOf(line)));
  const schema = directory === undefined ? undefined : readRole(name, directory, vocabulary).schema;
  return (schema?.value.properties ?? {}) as Readonly<Record<string, object>>;
}

/** The names of options' and arguments' values of which something can be said. */
export const kinds: readonly string[] = Object.keys(sources);
