import { asMap } from './key-value.ts';
import { expressionText, isMap } from './source.ts';

const sudo = 'Configure sudo on the host; the method is "become_method:".';

/** Keywords of Ansible that Hostwright does not have, each with the Hostwright form of the line in which it stands. */
const forms: Readonly<Record<string, (value: unknown) => string>> = {
  with_items: value => `Write: loop: ${written(value)}`,
  with_list: value => `Write: loop: ${written(value)}`,
  with_flattened: value => `Write: loop: ${written(value)}`,
  with_dict: value => `Write: loop: ${written(value)} (each item has key and value)`,
  with_indexed_items: value => `Write: loop: ${written(value)} and loop_control: {index_var: index}`,
  with_sequence: () => 'Write the numbers as a list: loop: [1, 2, 3]',
  with_fileglob: () => 'Write the files as a list: loop: [a.conf, b.conf]',
  with_nested: () =>
    'Write a block with a "loop:" around a task with another; name the items by loop_control: {loop_var: …}.',
  with_subelements: () =>
    'Write a block with a "loop:" around a task with another; name the items by loop_control: {loop_var: …}.',
  local_action: value => `Write: ${taskOf(value)} and delegate_to: localhost`,
  action: value => `Write: ${taskOf(value)}`,
  sudo: value => `Write: become: ${value === true || value === 'yes' ? 'true' : 'false'}`,
  sudo_user: value => `Write: become: true and become_user: ${written(value)}`,
  su: () => 'Write: become: true and become_method: su',
  vars_prompt: () => 'Give the value on the command line: -e name=value.',
  collections: () => 'Modules have one name here; see "hostwright doc".',
  debugger: () => 'Run again with -v, or in check mode with --diff.',
  become_flags: () => sudo,
  become_exe: () => sudo,
  gather_subset: () => 'Only the facts that a play names are gathered.',
  static: () => 'An include is read before the run; leave the keyword out.',
  always_run: () => 'Write: check_mode: false',
};

/** The keywords of Ansible that a hint is known for. */
export const foreignKeywords: readonly string[] = Object.keys(forms);

/** What to write for a keyword that Ansible has and Hostwright has not; undefined for any other word. */
export function foreignForm(keyword: string, value: unknown): string | undefined {
  const form = Object.hasOwn(forms, keyword) ? forms[keyword] : undefined;
  if (form) return form(value);
  return keyword.startsWith('with_') ? 'Write "loop:" with a list or a map.' : undefined;
}

/** A value as YAML of one line. */
export function written(value: unknown): string {
  const text = expressionText(value);
  if (text !== undefined) return `!expr ${JSON.stringify(text)}`;
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (isMap(value)) {
    const pairs = Object.entries(value).map(([key, item]) => `${key}: ${written(item)}`);
    return `{${pairs.join(', ')}}`;
  }
  return typeof value === 'string' && !isPlain(value) ? JSON.stringify(value) : String(value);
}

/** Whether YAML reads a word as the text that it is, without quotes. */
function isPlain(word: string): boolean {
  return /^[A-Za-z_/][\w./-]*$/.test(word) && !/^(true|false|null)$/i.test(word);
}

/** `copy src=a dest=b` as a task: `copy: {src: a, dest: b}`. */
function taskOf(value: unknown): string {
  if (isMap(value)) {
    const { module, ...args } = value;
    return `${module ?? '…'}: ${written(args)}`;
  }
  const [, name = '…', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(String(value)) ?? [];
  return `${name}: ${asMap(rest) ?? rest}`;
}
