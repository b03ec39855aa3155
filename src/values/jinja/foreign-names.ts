import { expressionInYaml } from '../../language/yaml-text.ts';
import { factHint, hasNote } from './facts.ts';
import { nameNote } from './notes.ts';

const loopParts =
  "In {{#each}}, write {{ cel '@index + 1' }} for loop.index, {{ @index }} for " +
  'loop.index0, {{ @first }} and {{ @last }}.';

/** Names that Ansible gives a value, next to its facts, and what to write for them. */
const names: Readonly<Record<string, string>> = {
  loop: loopParts,
  ansible_loop: 'Write: loop_control: {index_var: index}',
  ansible_date_time: 'Ask a command: {cmd: "date +%F", reads: true}, and register it.',
};

/**
 * What to write for a name that Ansible gives a value.
 * @param path the name, or a path that begins with it: `ansible_facts.os_family`
 * @param formOf what the expression is here in which the name stands, if it is in one
 */
export function foreignNameHint(path: string, formOf?: () => string | undefined): string | undefined {
  const [name = '', field] = path.split('.');
  if (Object.hasOwn(names, name)) return names[name];
  if (name === 'ansible_managed') return nameNote(name);
  const fact = name === 'ansible_facts' && field !== undefined ? `ansible_${field}` : name;
  const hint = factHint(fact) ?? factHint(name);
  const form = hint === undefined || hasNote(fact) ? undefined : formOf?.();
  return form === undefined ? hint : `In CEL: ${expressionInYaml(form)}`;
}
