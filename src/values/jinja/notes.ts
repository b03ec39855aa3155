import { factNote } from './facts.ts';
import type { Form } from './form.ts';

const layout = 'The data is the same, with other blanks and line breaks.';

/** What is different about filters whose translation gives another text. */
const filters: Readonly<Record<string, string>> = {
  to_json: layout,
  to_yaml: layout,
  to_nice_yaml: layout,
  comment: 'Ansible has a line with nothing but the mark before it, and another one behind it.',
  round: 'It holds for what is not negative.',
};

/** What is different about operators below 0. */
const operators: Readonly<Record<string, string>> = {
  '//': 'Below 0 it is cut toward 0: -3 / 2 is -1, where Ansible has -2.',
  '%': 'Below 0 the remainder is negative: -3 % 2 is -1, where Ansible has 1.',
};

/** What is surely not negative: numbers, sizes, places in a loop, facts. */
const notNegative = /^\(?(?:\d|(?:size|from_size)\(|@index\b|facts\.)[^-]*$/;

/** What a reader of a translated filter must know. */
export function filterNote(name: string): string | undefined {
  const own = name.replace(/^ansible\.builtin\./, '');
  return Object.hasOwn(filters, own) ? filters[own] : undefined;
}

/** What a reader of a translated operator must know; `left` is what is before it. */
export function operatorNote(operator: string, left: Form): string | undefined {
  return Object.hasOwn(operators, operator) && !notNegative.test(left.cel) ? operators[operator] : undefined;
}

/** What a reader of a name that Ansible gives a value must know. */
export function nameNote(name: string): string | undefined {
  if (name === 'ansible_managed')
    return 'Give it a value, as in group_vars/all.yml: ansible_managed: "Ansible managed"';
  return factNote(name);
}

/** A hint with the notes behind it. */
export function withNotes(hint: string, notes: readonly string[]): string {
  return [hint, ...notes].join('. ').replaceAll('.. ', '. ');
}
