import { foreignForm } from './foreign.ts';
import { foreignModule } from './foreign-modules.ts';
import { foreignIncludeName, includeForm, includeNames } from './include-form.ts';
import { includeWords, keywords } from './keywords.ts';
import type { Block, Include, Step, StepKeywords, Task } from './model.ts';
import { becomeKeywords, conditions, keyOfWord, moduleName, optional, variables, writtenAt } from './parse-keywords.ts';
import { jobOf, moduleDefaultsOf, notifyOf, retryOf, settingsOf } from './parse-settings.ts';
import { type Problems, plainList } from './problems.ts';
import { inside, isMap, type Part } from './source.ts';
import { suggest } from './suggest.ts';

/** What a parser of steps has to know of the world. */
export interface StepVocabulary {
  /** Every module and action by name. */
  readonly modules: ReadonlySet<string>;
  /** The names of a module's arguments, to tell one that is written next to the module from a keyword. */
  readonly argumentsOf?: (module: string) => readonly string[];
  /** What an expression of Ansible is in CEL, for hints; undefined where nothing here is like it. */
  readonly celForm?: (jinja: string) => string | undefined;
}

type Raw = Readonly<Record<string, unknown>>;

/** Parses a list of tasks, blocks and includes. Problems go to `problems`; what is broken is left out. */
export function parseSteps(
  value: unknown,
  part: Part,
  problems: Problems,
  vocabulary: StepVocabulary,
): readonly Step[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    problems.add(part, 'tasks must be a list', 'Begin each task with "- ".');
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
    return undefined;
  }
  if ('block' in value) return parseBlock(value, part, problems, vocabulary);
  const include = keyOfWord(value, Object.keys(includeWords));
  return problems.sound(() =>
    include ? parseInclude(include, value, part, problems) : parseTask(value, part, problems, vocabulary),
  );
}

/** Where its own keywords are broken all of it is left out; a broken task in it, alone. */
function parseBlock(raw: Raw, part: Part, problems: Problems, vocabulary: StepVocabulary): Block | undefined {
  const list = (key: string) => parseSteps(raw[key], inside(part, key), problems, vocabulary);
  const own = problems.sound(() => {
    problems.keywords(raw, keywords.block, part, 'block');
    return commonKeywords(raw, part);
  });
  const [block, rescue, always] = [list('block'), list('rescue'), list('always')];
  return own && Object.freeze({ kind: 'block', ...own, block, rescue, always });
}

function parseInclude(word: string, raw: Raw, part: Part, problems: Problems): Include | undefined {
  const { [word]: what, ...rest } = raw;
  problems.keywords(rest, keywords.include, part, 'include');
  const names = isMap(what) ? what : {};
  for (const key of Object.keys(names).filter(one => !includeNames.has(one)))
    problems.addAtKey(inside(part, word, key), `"${word}" has no "${key}"`, foreignIncludeName(key));
  const role = includeWords[moduleName(word) as keyof typeof includeWords] === 'role' || 'role' in names;
  const name = typeof what === 'string' ? what : role ? (names.role ?? names.name) : names.file;
  const better = typeof what === 'string' ? includeForm(word, what, role) : undefined;
  if (better !== undefined) {
    problems.add(inside(part, word), `"${word}" takes one name, or a map`, `Write: ${better}`);
    return undefined;
  }
  if (typeof name !== 'string') {
    problems.add(inside(part, word), `"${word}" must name ${role ? 'a role' : 'a file of tasks'}`);
    return undefined;
  }
  if (name.includes('{{')) {
    problems.add(
      inside(part, word),
      'what is included must be constant',
      'Include each file with a "when:" of its own.',
    );
    return undefined;
  }
  const target = inside(part, word, ...(isMap(what) ? [role ? ('role' in what ? 'role' : 'name') : 'file'] : []));
  const named = role ? { role: name, ...optional('tasksFrom', names.tasks_from) } : { file: name };
  return Object.freeze({ kind: 'include', ...commonKeywords(raw, part), target, ...named }) as Include;
}

function parseTask(raw: Raw, part: Part, problems: Problems, vocabulary: StepVocabulary): Task | undefined {
  const known: Raw = keywords.task;
  const others = Object.keys(raw).filter(key => !(key in known));
  const found = others.filter(key => vocabulary.modules.has(moduleName(key)));
  for (const key of others.filter(name => !found.includes(name))) {
    const hint =
      misplaced(key, found, vocabulary) ??
      foreignForm(key, raw[key], vocabulary.celForm) ??
      foreignModule(moduleName(key)) ??
      suggest(key, [...vocabulary.modules, ...Object.keys(known)]);
    const what = found.length > 0 ? 'keyword' : 'module or keyword';
    problems.addAtKey(inside(part, key), `unknown ${what} "${key}"`, hint ?? 'See "hostwright doc" for the modules.');
  }
  problems.keywords(
    Object.fromEntries(Object.entries(raw).filter(([key]) => key in known)),
    keywords.task,
    part,
    'task',
  );
  if (found.length > 1) {
    problems.addAtKey(
      inside(part, found[1]!),
      `a task has one module; this one has ${found.map(key => `"${key}"`).join(' and ')}`,
    );
  }
  if (found.length === 0) {
    if (others.length === 0) problems.add(part, 'this task names no module', 'See "hostwright doc" for the modules.');
    return undefined;
  }
  const key = found[0]!;
  const { args, ifPending } = readArgs(raw, key);
  return Object.freeze({
    kind: 'task',
    ...commonKeywords(raw, part),
    module: moduleName(key),
    args,
    argsPart: inside(part, key),
    ...optional('register', raw.register),
    listen: plainList(raw.listen),
    ...optional('changedWhen', conditions(raw, 'changed_when', part)),
    ...optional('failedWhen', conditions(raw, 'failed_when', part)),
    ...retryOf(raw, part),
    ...jobOf(raw),
    ifPending,
  }) as Task;
}

/** An argument of the module that is written next to it. */
function misplaced(key: string, [module]: readonly string[], { argumentsOf }: StepVocabulary): string | undefined {
  if (module === undefined || !argumentsOf?.(moduleName(module)).includes(key)) return undefined;
  return `It is an argument of "${module}": put it there, or write args: {${key}: …}.`;
}

/** The module's arguments; `args:` is joined to them, and `if: pending` is the engine's own. */
function readArgs(raw: Raw, key: string): { args: unknown; ifPending: boolean } {
  const own = raw[key];
  const joined = isMap(raw.args) ? { ...raw.args, ...(isMap(own) ? own : { _: own }) } : own;
  if (!isMap(joined)) return { args: joined, ifPending: false };
  const { if: condition, ...args } = joined;
  return condition === 'pending' ? { args, ifPending: true } : { args: joined, ifPending: false };
}

function commonKeywords(raw: Raw, part: Part): StepKeywords {
  const control = isMap(raw.loop_control) ? raw.loop_control : {};
  const loop = 'loop' in raw && {
    value: raw.loop,
    part: inside(part, 'loop'),
    control: {
      loopVar: String(control.loop_var ?? 'item'),
      ...optional('indexVar', control.index_var),
      ...optional('label', control.label),
      ...optional('pause', control.pause),
      extended: control.extended === true,
      breakWhen: conditions(control, 'break_when', inside(part, 'loop_control')) ?? [],
    },
  };
  return {
    part,
    ...optional('name', raw.name),
    when: conditions(raw, 'when', part) ?? [],
    tags: plainList(raw.tags),
    ...optional('vars', variables(raw, 'vars', part)),
    become: becomeKeywords(raw, part),
    ...(loop ? { loop } : {}),
    settings: settingsOf(raw, part),
    moduleDefaults: moduleDefaultsOf(raw),
    allow: plainList(raw.allow),
    ...optional('environment', writtenAt(raw, 'environment', part)),
    notify: notifyOf(raw, part),
  } as StepKeywords;
}
