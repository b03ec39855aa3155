import { foreignForm } from '../foreign.ts';
import { foreignModule } from '../foreign-modules.ts';
import type { Block, Step, Task } from '../model.ts';
import type { Problems } from '../problems.ts';
import { inside, isMap, type Part } from '../source.ts';
import { suggest } from '../suggest.ts';
import { includeWords, keywords } from './keywords.ts';
import { parseInclude } from './parse-include.ts';
import { keyOfWord, moduleName } from './parse-keywords.ts';
import { jobOf } from './parse-settings.ts';
import { commonKeywords, placeholder, taskKeywords, withLoop } from './step-keywords.ts';

/** What a parser of steps has to know of the world. */
export interface StepVocabulary {
  /** Every module and action by name. */
  readonly modules: ReadonlySet<string>;
  /**
   * The names of a module's arguments, to tell one that is written next to the module from a
   * keyword.
   */
  readonly argumentsOf?: (module: string) => readonly string[];
  /**
   * What an expression of Ansible is in CEL, for hints; undefined where nothing here is like it.
   */
  readonly celForm?: (jinja: string) => string | undefined;
}

type Raw = Readonly<Record<string, unknown>>;

/**
 * Parses a list of tasks, blocks and includes. Problems go to `problems`; what is broken is left
 * out.
 */
export function parseSteps(
  value: unknown,
  part: Part,
  problems: Problems,
  vocabulary: StepVocabulary,
): readonly Step[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    problems.add(part, 'tasks must be a list', 'Begin each task with "- ".');
    problems.leaveOut(value);
    return [];
  }
  return value.flatMap((item, at) => {
    const step = parseStep(item, inside(part, at), problems, vocabulary);
    return step ? [step] : [];
  });
}

function parseStep(value: unknown, part: Part, problems: Problems, vocabulary: StepVocabulary): Step | undefined {
  if (!isMap(value)) {
    problems.add(part, 'a task must be a map with the name of a module as a key');
    problems.leaveOut(value ?? '');
    return undefined;
  }
  if ('block' in value) return parseBlock(value, part, problems, vocabulary);
  const include = keyOfWord(value, Object.keys(includeWords));
  return include ? parseInclude(include, value, part, problems) : parseTask(value, part, problems, vocabulary);
}

function parseBlock(raw: Raw, part: Part, problems: Problems, vocabulary: StepVocabulary): Block {
  const list = (key: string) => parseSteps(raw[key], inside(part, key), problems, vocabulary);
  const own = commonKeywords(problems.keywords(raw, keywords.block, part, 'a block'), part);
  return Object.freeze({ kind: 'block', ...own, block: list('block'), rescue: list('rescue'), always: list('always') });
}

function parseTask(raw: Raw, part: Part, problems: Problems, vocabulary: StepVocabulary): Task {
  const known: Raw = keywords.task;
  const others = Object.keys(raw).filter(key => !(key in known));
  const found = others.filter(name => vocabulary.modules.has(moduleName(name)));
  const [key, second] = found;
  const unknown = others.filter(name => !found.includes(name));
  const misplaced = unknown.filter(name => isArgument(name, key, vocabulary));
  for (const name of unknown) {
    const hint = misplaced.includes(name)
      ? `It is an argument of "${moduleName(key ?? '')}": put it there, or write args: {${name}: …}.`
      : hintForUnknown(name, raw[name], vocabulary);
    const what = key === undefined ? 'module or keyword' : 'keyword';
    problems.addAtKey(inside(part, name), `unknown ${what} "${name}"`, hint ?? 'See "hostwright doc" for the modules.');
  }
  if (unknown.length > 0) problems.leaveOut(pick(raw, unknown));
  const written = pick(raw, Object.keys(known));
  const sound = withLoop(problems.keywords(written, keywords.task, part, 'a task'), raw);
  if (second !== undefined) {
    const all = found.map(name => `"${name}"`).join(' and ');
    problems.addAtKey(inside(part, second), `a task has one module; this one has ${all}`);
  }
  if (key === undefined) {
    if (others.length === 0) problems.add(part, 'this task names no module', 'See "hostwright doc" for the modules.');
    return placeholder(sound, part);
  }
  const { args, ifPending } = readArgs(raw[key], { ...(isMap(raw.args) && raw.args), ...pick(raw, misplaced) });
  const isWhole = unknown.length === 0 && Object.keys(written).every(name => name in sound);
  const own = { module: moduleName(key), args, argsPart: inside(part, key), ...jobOf(sound), ifPending };
  return Object.freeze({ ...taskKeywords(sound, part), ...own, ...(!isWhole && { partial: true as const }) });
}

/** Whether a word next to a module is an argument of it. */
function isArgument(word: string, module: string | undefined, { argumentsOf }: StepVocabulary): boolean {
  return module !== undefined && (argumentsOf?.(moduleName(module)).includes(word) ?? false);
}

function hintForUnknown(word: string, value: unknown, { modules, celForm }: StepVocabulary): string | undefined {
  const hint = foreignForm(word, value, celForm) ?? foreignModule(moduleName(word));
  return hint ?? suggest(word, [...modules, ...Object.keys(keywords.task)]);
}

function pick(raw: Raw, keys: readonly string[]): Raw {
  return Object.fromEntries(keys.filter(key => key in raw).map(key => [key, raw[key]]));
}

/**
 * The module's arguments; those next to it are joined to them, and `if: pending` is the engine's
 * own.
 */
function readArgs(own: unknown, nextToIt: Raw): { args: unknown; ifPending: boolean } {
  const isAlone = Object.keys(nextToIt).length === 0;
  const joined = isAlone ? own : { ...nextToIt, ...(isMap(own) ? own : { _: own }) };
  if (!isMap(joined)) return { args: joined, ifPending: false };
  const { if: condition, ...args } = joined;
  return condition === 'pending' ? { args, ifPending: true } : { args: joined, ifPending: false };
}
