import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Play, Playbook } from '../model.ts';
import { collectProblems, type Problems, plainList } from '../problems.ts';
import { inside, isMap, type Part, type YamlSource } from '../source.ts';
import { suggest } from '../suggest.ts';
import { readYaml } from '../yaml.ts';
import { keywords } from './keywords.ts';
import { becomeKeywords, keyOfWord, optional, variables, writtenAt } from './parse-keywords.ts';
import { parseRoleCalls } from './parse-role-calls.ts';
import { courseOf, moduleDefaultsOf, plannedOf, settingsOf } from './parse-settings.ts';
import { parseSteps, type StepVocabulary } from './parse-steps.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Reads a playbook: a list of plays. `import_playbook` takes another file's plays in its place. */
export function readPlaybook(file: string, vocabulary: StepVocabulary): Playbook {
  return parsePlaybook(file, () => readYaml(file), vocabulary);
}

/**
 * Parses a playbook whose text comes from elsewhere, for ad hoc runs and tests. `read` may throw
 * InvalidInput.
 */
export function parsePlaybook(file: string, read: () => YamlSource, vocabulary: StepVocabulary): Playbook {
  const problems = collectProblems();
  const source = problems.read(read);
  const plays = source ? parsePlays(source, problems, vocabulary, [source.file]) : [];
  return Object.freeze({ file, plays, problems: problems.findings() });
}

function parsePlays(
  source: YamlSource,
  problems: Problems,
  vocabulary: StepVocabulary,
  chain: readonly string[],
): readonly Play[] {
  const root: Part = { source, path: [] };
  problems.doubts(source);
  if (!Array.isArray(source.value) || source.value.length === 0) {
    problems.add(root, 'a playbook is a list of plays', 'Begin a play with "- hosts: …".');
    return [];
  }
  return source.value.flatMap((item, at): readonly Play[] => {
    const part = inside(root, at);
    if (!isMap(item)) {
      problems.add(part, 'a play is a map with "hosts"');
      problems.leaveOut(item);
      return [];
    }
    const key = keyOfWord(item, ['import_playbook']);
    if (key !== undefined) return importPlays({ key, raw: item, part }, problems, vocabulary, chain);
    return [parsePlay(item, part, problems, vocabulary)];
  });
}

/** `import_playbook`, under the key that it has there. */
interface Import {
  readonly key: string;
  readonly raw: Raw;
  readonly part: Part;
}

function importPlays(
  { key, raw, part }: Import,
  problems: Problems,
  vocabulary: StepVocabulary,
  chain: readonly string[],
): readonly Play[] {
  const target = inside(part, key);
  const name = String(raw[key]);
  for (const other of Object.keys(raw).filter(word => word !== key && word !== 'name')) {
    const message = `"${other}" has no effect on an imported playbook`;
    problems.addAtKey(inside(part, other), message, `Write it in the plays of ${name}.`);
  }
  const file = isAbsolute(name) ? name : join(dirname(part.source.file), name);
  if (chain.includes(file)) {
    problems.add(target, `playbooks import each other: ${[...chain, file].join(' -> ')}`);
    return [];
  }
  if (!existsSync(file)) {
    problems.add(target, `there is no playbook ${file}`);
    problems.leaveOut();
    return [];
  }
  const source = problems.read(() => readYaml(file));
  return source ? parsePlays(source, problems, vocabulary, [...chain, file]) : [];
}

function parsePlay(raw: Raw, part: Part, problems: Problems, vocabulary: StepVocabulary): Play {
  const sound = problems.keywords(raw, keywords.play, part, 'a play');
  if (!namesHosts(raw)) {
    const hint = 'Add "hosts: PATTERN", for instance "hosts: all".';
    problems.add(part, 'this play does not say which hosts it is for', hint);
  }
  const steps = (key: string) => parseSteps(raw[key], inside(part, key), problems, vocabulary);
  return Object.freeze({
    ...parseOwn(sound, part),
    gate: steps('gate'),
    preTasks: steps('pre_tasks'),
    roles: parseRoleCalls(raw.roles, inside(part, 'roles'), problems),
    tasks: steps('tasks'),
    postTasks: steps('post_tasks'),
    handlers: steps('handlers'),
  });
}

/** Whether a play says which hosts it is for, be it in a word that is told of as misspelt. */
function namesHosts(raw: Raw): boolean {
  const unknown = Object.keys(raw).filter(key => !(key in keywords.play));
  return (raw.hosts !== undefined && raw.hosts !== null) || unknown.some(key => suggest(key, ['hosts']) !== undefined);
}

/**
 * A play without the steps in it. One that does not say which hosts it is for is checked for all.
 */
function parseOwn(
  raw: Raw,
  part: Part,
): Omit<Play, 'gate' | 'preTasks' | 'roles' | 'tasks' | 'postTasks' | 'handlers'> {
  const planned = plannedOf(raw, part);
  // Its value gives those of a play that has none yet.
  const hosts = planned.hosts ? '' : plainList(raw.hosts ?? 'all').join(',');
  return {
    part,
    name: typeof raw.name === 'string' ? raw.name : hosts,
    hosts,
    ...optional('vars', variables(raw, 'vars', part)),
    varsFiles: plainList(raw.vars_files),
    become: becomeKeywords(raw, part),
    tags: plainList(raw.tags),
    settings: settingsOf(raw, part),
    moduleDefaults: moduleDefaultsOf(raw),
    ...courseOf(raw),
    planned,
    ...optional('environment', writtenAt(raw, 'environment', part)),
    allow: plainList(raw.allow) as Play['allow'],
    ...optional('gatherFacts', raw.gather_facts),
    ...optional('connection', raw.connection),
    ...optional('remoteUser', raw.remote_user),
    ...optional('port', raw.port),
    maxDown: typeof raw.max_down === 'number' ? raw.max_down : 1,
  } as Play;
}
