import { loopForms } from './foreign-loops.ts';
import { asMap } from './key-value.ts';
import { expression, isMap } from './source.ts';
import { written } from './yaml-text.ts';

const anyLoop =
  'Write "loop:" with a list or a map, or an expression that gives one: !expr "…"; see "hostwright doc functions".';
const sudo = 'Configure sudo on the host; the method is "become_method:".';

/**
 * Keywords of Ansible that Hostwright does not have, each with the Hostwright form of the line in
 * which it stands.
 */
const forms: Readonly<Record<string, (value: unknown) => string>> = {
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
export const foreignKeywords: readonly string[] = [...Object.keys(loopForms), ...Object.keys(forms)];

/**
 * What to write for a keyword that Ansible has and Hostwright has not; undefined for any other
 * word.
 * @param celForm what an expression of Ansible is in CEL, where that is known
 */
export function foreignForm(
  keyword: string,
  value: unknown,
  celForm: (jinja: string) => string | undefined = () => undefined,
): string | undefined {
  const form = Object.hasOwn(forms, keyword) ? forms[keyword] : undefined;
  if (form) return form(value);
  if (!keyword.startsWith('with_')) return undefined;
  const loop = Object.hasOwn(loopForms, keyword) ? loopForms[keyword]?.(withExpressions(value, celForm)) : undefined;
  return loop === undefined ? anyLoop : `Write: ${loop}`;
}

/** The value with `!expr` for each text in it that is all one expression of Ansible. */
function withExpressions(value: unknown, celForm: (jinja: string) => string | undefined): unknown {
  if (Array.isArray(value)) return value.map(item => withExpressions(item, celForm));
  const inner = typeof value === 'string' ? /^\{\{((?:(?!\{\{|\}\}).)*)\}\}$/s.exec(value.trim())?.[1] : undefined;
  const cel = inner && celForm(inner.trim());
  return cel ? expression(cel) : value;
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
