import { stringify } from 'yaml';
import type { Case } from './case.ts';

/** Where a variable may be set, roughly from the weakest place to the strongest. */
const places = [
  'role defaults',
  'inventory all',
  'inventory outer group',
  'inventory group',
  'group_vars all',
  'group_vars outer group',
  'group_vars group',
  'inventory host',
  'host_vars',
  'play vars',
  'vars_files',
  'role vars',
  'block vars',
  'task vars',
  'include_vars',
  'set_fact',
  'role parameters',
  'extra vars',
] as const;

type Place = (typeof places)[number];

const pairs = places.flatMap((one, at) => places.slice(at + 1).map(other => [one, other] as const));
const nameOf = ([one, other]: readonly [Place, Place]) => `v_${places.indexOf(one)}_${places.indexOf(other)}`;

/**
 * The variables that a place sets: one for each pair that it is part of, with its own name as the
 * value.
 */
function variablesOf(place: Place): Record<string, string> {
  const own = pairs.filter(pair => pair.includes(place));
  return Object.fromEntries(own.map(pair => [nameOf(pair), place]));
}

const lines = (place: Place) => Object.entries(variablesOf(place)).map(([name, value]) => `${name}='${value}'`);

/**
 * A case in which each pair of places where a variable can be set sets one. A file for each pair
 * holds the place that has won.
 */
export function pairsCase(): Case {
  const told = pairs.map(pair => `printf '%s' '{{ ${nameOf(pair)} }}' >'{{ sandbox }}/${pair.join(', ')}'`);
  const tasks = [
    { include_vars: { file: 'included.yml' } },
    { set_fact: variablesOf('set_fact') },
    { vars: variablesOf('block vars'), block: [{ shell: told.join('\n'), vars: variablesOf('task vars') }] },
  ];
  return {
    it: 'each pair of places where a variable can be set',
    inventory: [
      `h1 ${lines('inventory host').join(' ')}`,
      ...['[inner]', 'h1', '[inner:vars]', ...lines('inventory group'), '[outer:children]', 'inner'],
      ...['[outer:vars]', ...lines('inventory outer group'), '[all:vars]', ...lines('inventory all')],
    ].join('\n'),
    playbook: stringify([
      {
        ...{ hosts: 'all', gather_facts: false, vars: variablesOf('play vars'), vars_files: ['more.yml'] },
        roles: [{ role: 'r', ...variablesOf('role parameters') }],
      },
    ]),
    files: {
      'group_vars/all.yml': stringify(variablesOf('group_vars all')),
      'group_vars/outer.yml': stringify(variablesOf('group_vars outer group')),
      'group_vars/inner.yml': stringify(variablesOf('group_vars group')),
      'host_vars/h1.yml': stringify(variablesOf('host_vars')),
      'more.yml': stringify(variablesOf('vars_files')),
      'roles/r/defaults/main.yml': stringify(variablesOf('role defaults')),
      'roles/r/vars/main.yml': stringify(variablesOf('role vars')),
      'roles/r/vars/included.yml': stringify(variablesOf('include_vars')),
      'roles/r/tasks/main.yml': stringify(tasks, { lineWidth: 0 }),
    },
    arguments: ['-e', lines('extra vars').join(' ')],
  };
}
