import { asMap, keyValues } from './key-value.ts';
import { includeWords, keywords } from './keywords.ts';
import type { Include, Task } from './model.ts';
import { moduleName, optional } from './parse-keywords.ts';
import type { Problems } from './problems.ts';
import { inside, isMap, type Part } from './source.ts';
import { commonKeywords, placeholder, withLoop } from './step-keywords.ts';
import { suggest } from './suggest.ts';

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

/** What is under the word: a name, a map, or Ansible's `name=x`, which is told and read all the same. */
function namedIn(word: string, what: unknown, place: Part, problems: Problems): Named {
  const isRole = includeWords[moduleName(word) as keyof typeof includeWords] === 'role';
  const pairs = typeof what === 'string' ? keyValues(what) : [];
  const names = isMap(what) ? what : Object.fromEntries(pairs);
  const kind = isRole || 'role' in names ? 'role' : 'file';
  if (typeof what === 'string' && pairs.length === 0) return { kind, names: { [kind]: what } };
  if (typeof what === 'string')
    problems.add(place, `"${word}" takes a name or a map`, `Write: ${word}: ${asMap(what)}`);
  checkNames(word, { kind, names }, place, problems);
  const key = kind === 'role' && !('role' in names) ? 'name' : kind;
  return { kind, names, key };
}

/** What to do without names that an include of Ansible takes. */
const forms: Readonly<Record<string, string>> = {
  apply: 'Write its keywords next to the include: they count for every task in it.',
  public: 'Leave it out. What later tasks need of its variables, the play has to have.',
  allow_duplicates: 'Leave it out: an include runs each time.',
};

function checkNames(word: string, { kind, names }: Named, place: Part, problems: Problems): void {
  const known = kind === 'role' ? ['name', 'role', 'tasks_from'] : ['file'];
  for (const name of Object.keys(names).filter(key => !known.includes(key))) {
    const hint = forms[name] ?? suggest(name, known) ?? `It takes ${known.join(', ')}.`;
    problems.addAtKey(inside(place, name), `${word}: unknown name "${name}"`, hint);
  }
}
