import type { StepKeywords, Task } from '../model.ts';
import { plainList } from '../problems.ts';
import { inside, isMap, type Part } from '../source.ts';
import { becomeKeywords, conditions, optional, variables, writtenAt } from './parse-keywords.ts';
import { moduleDefaultsOf, notifyOf, retryOf, settingsOf } from './parse-settings.ts';

type Raw = Readonly<Record<string, unknown>>;

/** The keywords of a task but for its module and how that runs. */
type TaskKeywords = Omit<Task, 'module' | 'args' | 'argsPart' | 'job' | 'ifPending'>;

/** What a task's keywords say; each has a value that it can have. */
export function taskKeywords(raw: Raw, part: Part): TaskKeywords {
  return {
    kind: 'task',
    ...commonKeywords(raw, part),
    ...optional('register', raw.register),
    listen: plainList(raw.listen),
    ...optional('changedWhen', conditions(raw, 'changed_when', part)),
    ...optional('failedWhen', conditions(raw, 'failed_when', part)),
    ...retryOf(raw, part),
  } as TaskKeywords;
}

/**
 * Takes the place of a step that cannot be read, so that its keywords are checked and its register
 * is known.
 */
export function placeholder(raw: Raw, part: Part): Task {
  const nothing = { module: 'meta', args: 'noop', argsPart: part, ifPending: false, partial: true as const };
  return Object.freeze({ ...taskKeywords(raw, part), ...nothing });
}

/** `loop`, and the loops of Ansible that take the same. */
const loopWords = ['loop', 'with_items', 'with_list', 'with_dict'];

/**
 * The sound keywords of a step, with a loop that is written in Ansible's way: that is told, and
 * what is in it and what uses its items is looked at all the same.
 */
export function withLoop(sound: Raw, raw: Raw): Raw {
  const word = loopWords.find(name => name in raw && raw[name] !== null);
  return word === undefined ? sound : { ...sound, [word]: raw[word] };
}

/** What the keywords say that tasks, blocks and includes have in common. */
export function commonKeywords(raw: Raw, part: Part): StepKeywords {
  const control = isMap(raw.loop_control) ? raw.loop_control : {};
  const word = loopWords.find(name => name in raw);
  const loop = word !== undefined && {
    value: raw[word],
    part: inside(part, word),
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
