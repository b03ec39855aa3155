import { asMap, keyValues } from './key-value.ts';

/**
 * What an include itself takes; all else that Ansible writes in its line is a keyword of the task.
 */
export const includeNames: ReadonlySet<string> = new Set(['name', 'role', 'file', 'tasks_from']);

const files = 'Take that file in with a task of its own: include_vars: roles/NAME/vars/FILE.yml';

/** What to write for names that Ansible has in an include. */
const otherNames: Readonly<Record<string, string>> = {
  apply: 'Write its keywords next to the include: they go through it.',
  public: 'Leave it out: other tasks do not see the variables of a role; "set_fact" gives them one.',
  allow_duplicates: 'Leave it out: an include runs each time.',
  rolespec_validate: 'Leave it out: what a role takes is checked with its schema.yml.',
  handlers_from: 'Include the handlers in handlers/main.yml of the role.',
  vars_from: files,
  defaults_from: files,
};

/** What to do about a name that an include does not have. */
export function foreignIncludeName(name: string): string {
  const other = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
  return other ?? `It takes ${[...includeNames].join(', ')}.`;
}

/** An include whose value has `k=v` in it, as it is written here; undefined where it has none. */
export function includeForm(word: string, value: string, isRole: boolean): string | undefined {
  const pairs = keyValues(value);
  if (pairs.length === 0) return undefined;
  const texts = pairs.map(([key, item]) => [key, `${key}=${item}`] as const);
  const bare = texts.reduce((left, [, text]) => left.replace(text, ''), value).trim();
  const named = bare === '' ? [] : [`${isRole ? 'name' : 'file'}="${bare}"`];
  const inner = [...named, ...texts.filter(([key]) => includeNames.has(key)).map(([, text]) => text)];
  const keywords = texts.filter(([key]) => !includeNames.has(key)).map(([, text]) => asMap(text)?.slice(1, -1));
  return [`${word}: ${asMap(inner.join(' ')) ?? bare}`, ...keywords].join(' and ');
}
