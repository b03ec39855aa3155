import type { Problems } from '../language/problems.ts';
import { inside, isMap, type Part, type YamlSource } from '../language/source.ts';
import { suggest } from '../language/suggest.ts';
import { namedHosts } from './host-port.ts';
import { type Draft, draftGroup, draftHost } from './inventory.ts';

const groupKeys = ['hosts', 'children', 'vars'];

/**
 * Reads an inventory in Ansible's YAML form: a map of groups with `hosts`, `children` and `vars`.
 */
export function readYamlInventory(source: YamlSource, draft: Draft, problems: Problems): void {
  const root: Part = { source, path: [] };
  problems.doubts(source, 'variables');
  if (source.value === null || source.value === undefined) return;
  if (!isMap(source.value)) {
    problems.add(
      root,
      'an inventory is a map of groups',
      'For instance: "hypervisors: {hosts: {hv1: {ansible_host: 10.0.0.7}}}".',
    );
    return;
  }
  if (typeof source.value.plugin === 'string') {
    const { plugin } = source.value;
    const message = `this configures the inventory plugin "${plugin}", which Hostwright does not have`;
    problems.addAtKey(
      inside(root, 'plugin'),
      message,
      'Write its hosts as an inventory, or let a program print them as JSON.',
    );
    return;
  }
  for (const [name, value] of Object.entries(source.value)) readGroup(name, value, inside(root, name), draft, problems);
}

function readGroup(name: string, value: unknown, part: Part, draft: Draft, problems: Problems): void {
  const group = draftGroup(draft, name);
  if (value === null) return;
  if (!isMap(value)) {
    problems.add(part, `group "${name}" must be a map with hosts, children or vars`);
    return;
  }
  for (const key of Object.keys(value).filter(item => !groupKeys.includes(item))) {
    problems.addAtKey(
      inside(part, key),
      `unknown key "${key}" of a group`,
      suggest(key, groupKeys) ?? `Known here: ${groupKeys.join(', ')}.`,
    );
  }
  const file = part.source.file;
  for (const [pattern, vars] of entries(value.hosts, inside(part, 'hosts'), problems)) {
    const place = inside(part, 'hosts', pattern);
    const named = namedHosts(pattern, file, place);
    for (const host of named.names) {
      group.hosts.add(host);
      const own = draftHost(draft, host);
      own.push(...named.variables);
      if (isMap(vars)) own.push({ origin: `host ${host} in ${file}`, values: vars, literal: false, part: place });
      else if (vars !== null) problems.add(place, `the variables of host "${host}" must be a map`);
    }
  }
  for (const [child, inner] of entries(value.children, inside(part, 'children'), problems)) {
    group.children.add(child);
    readGroup(child, inner, inside(part, 'children', child), draft, problems);
  }
  const vars = entries(value.vars, inside(part, 'vars'), problems);
  if (vars.length > 0) {
    const values = Object.fromEntries(vars);
    group.variables.push({ origin: `group ${name} in ${file}`, values, literal: false, part: inside(part, 'vars') });
  }
}

function entries(value: unknown, part: Part, problems: Problems): readonly [string, unknown][] {
  if (value === undefined || value === null) return [];
  if (isMap(value)) return Object.entries(value);
  problems.add(part, `"${part.path.at(-1)}" must be a map`, 'Write each name with a colon after it: "hv1:".');
  return [];
}
