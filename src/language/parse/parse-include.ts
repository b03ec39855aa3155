import { foreignIncludeName, includeForm, includeNames } from '../include-form.ts';
import { keyValues } from '../key-value.ts';
import type { Include, Task } from '../model.ts';
import type { Problems } from '../problems.ts';
import { inside, isMap, type Part } from '../source.ts';
import { includeWords, keywords } from './keywords.ts';
import { moduleName, optional } from './parse-keywords.ts';
import { commonKeywords, placeholder, withLoop } from './step-keywords.ts';

type Raw = Readonly<Record<string, unknown>>;

/** What an include says of what it includes. */
interface Named {
  readonly kind: 'role' | 'file';
  readonly names: Raw;
  /** The key under which the name is, where it is in a map. */
  readonly key?: string;
}

/**
 * An include under its word (`include_tasks`, `import_role`, …). One that does not say what it
 * includes leaves a task that does nothing.
 */
export function parseInclude(word: string, all: Raw, part: Part, problems: Problems): Include | Task {
  const { [word]: what, ...rest } = all;
  const raw = withLoop(problems.keywords(rest, keywords.include, part, 'an include'), rest);
  const place = inside(part, word);
  const { kind, names, key } = namedIn(word, what, place, problems);
  const name = names[key ?? kind];
  if (typeof name !== 'string' || name.includes('{{')) {
    if (typeof name === 'string') {
      problems.add(place, 'what is included must be constant', 'Include each file with a "when:" of its own.');
    } else problems.add(place, `"${word}" must name ${kind === 'role' ? 'a role' : 'a file of tasks'}`);
    problems.leaveOut();
    return placeholder(raw, part);
  }
  const target = isMap(what) && key !== undefined ? inside(place, key) : place;
  const named = kind === 'role' ? { role: name, ...optional('tasksFrom', names.tasks_from) } : { file: name };
  return Object.freeze({ kind: 'include', ...commonKeywords(raw, part), target, ...named }) as Include;
}

/**
 * What is under the word: a name, a map, or Ansible's `name=x`, which is told and read all the
 * same.
 */
function namedIn(word: string, what: unknown, place: Part, problems: Problems): Named {
  const isRole = includeWords[moduleName(word) as keyof typeof includeWords] === 'role';
  const form = typeof what === 'string' ? includeForm(word, what, isRole) : undefined;
  if (typeof what === 'string' && form === undefined) {
    const kind = isRole ? 'role' : 'file';
    return { kind, names: { [kind]: what } };
  }
  if (form !== undefined) problems.add(place, `"${word}" takes one name, or a map`, `Write: ${form}`);
  const names = isMap(what) ? what : pairsOf(String(what));
  const kind = isRole || 'role' in names ? 'role' : 'file';
  for (const key of Object.keys(names).filter(name => isMap(what) && !includeNames.has(name)))
    problems.addAtKey(inside(place, key), `"${word}" has no "${key}"`, foreignIncludeName(key));
  return { kind, names, key: kind === 'role' && !('role' in names) ? 'name' : kind };
}

/** `web.yml tags=x` names a file, too. */
function pairsOf(text: string): Raw {
  const pairs = keyValues(text);
  const [first] = text.split(/\s/);
  return { ...(first?.includes('=') ? {} : { name: first, file: first }), ...Object.fromEntries(pairs) };
}
