import type { BecomeKeywords, Condition, Variables, Written } from '../model.ts';
import { expressionText, hasEvaluated, inside, isMap, type Part } from '../source.ts';

type Raw = Readonly<Record<string, unknown>>;

/** `ansible.builtin.copy` is `copy`: the word without its collection. */
export function moduleName(key: string): string {
  return key.replace(/^(ansible\.(builtin|legacy|posix)|community\.(general|libvirt))\./, '');
}

/** The key of a map that is one of these words, with its collection or without. */
export function keyOfWord(raw: Raw, words: readonly string[]): string | undefined {
  return Object.keys(raw).find(key => words.includes(moduleName(key)));
}

/** `become`, `become_user`, `become_method` of anything that has them. */
export function becomeKeywords(raw: Raw, part: Part): BecomeKeywords {
  return {
    ...optional('become', laterAt(raw, 'become', part)),
    ...optional('user', raw.become_user),
    ...optional('method', raw.become_method),
  } as BecomeKeywords;
}

/** A keyword that holds conditions: one, or a list that must all be true. */
export function conditions(raw: Raw, key: string, part: Part): readonly Condition[] | undefined {
  const value = raw[key];
  if (value === undefined) return undefined;
  const list = Array.isArray(value) ? value : [value];
  return list.map((item, at) => ({
    text: expressionText(item) ?? String(item),
    part: Array.isArray(value) ? inside(part, key, at) : inside(part, key),
  }));
}

/** A keyword that holds variables, if it is there. */
export function variables(raw: Raw, key: string, part: Part): Variables | undefined {
  const values = raw[key];
  return isMap(values) ? { values, part: inside(part, key) } : undefined;
}

/** A keyword's value; where it is evaluated later, as it is written. */
export function laterAt(raw: Raw, key: string, part: Part): unknown {
  return hasEvaluated(raw[key]) ? { value: raw[key], part: inside(part, key) } : raw[key];
}

/** A keyword whose value is evaluated for each host, if it is there. */
export function writtenAt(raw: Raw, key: string, part: Part): Written | undefined {
  const value = raw[key];
  return value === undefined || value === null ? undefined : { value, part: inside(part, key) };
}

/** A property that is there only if it has a value. */
export function optional<Key extends string, Value>(key: Key, value: Value): { readonly [K in Key]?: Value } {
  return (value === undefined || value === null ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}
