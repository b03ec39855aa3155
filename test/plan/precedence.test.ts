import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { hostScope } from '../../src/plan/host-scope.ts';
import { make } from './make.ts';

/** Where a variable may be set, from the weakest place to the strongest. */
const places = [
  'role defaults',
  'group all',
  'group',
  'inner group',
  'host',
  'play vars',
  'vars_files',
  'role vars',
  'role parameters',
  'block vars',
  'task vars',
  'include_vars',
  'set_fact',
  'loop',
  'extra vars',
] as const;

type Place = (typeof places)[number];

function winnerOf(set: readonly Place[]): unknown {
  const own = (place: Place) => (set.includes(place) ? { it: place } : {});
  const { plan, task } = make(
    {
      'roles/r/defaults/main.yml': stringify({ ...own('role defaults'), other: 1 }),
      'roles/r/vars/main.yml': stringify({ ...own('role vars'), another: 1 }),
      'roles/r/tasks/main.yml': stringify([
        { vars: own('block vars'), block: [{ name: 'task', debug: { msg: 'x' }, vars: own('task vars') }] },
      ]),
      'more.yml': stringify({ ...own('vars_files'), more: 1 }),
      'group_vars/all.yml': stringify({ ...own('group all'), everyone: 1 }),
      'group_vars/outer.yml': stringify({ ...own('group'), outer_one: 1 }),
      'group_vars/inner.yml': stringify({ ...own('inner group'), inner_one: 1 }),
      'host_vars/hv1.yml': stringify({ ...own('host'), host_one: 1 }),
      'site.yml': stringify([
        {
          hosts: 'hv1',
          vars: own('play vars'),
          vars_files: ['more.yml'],
          roles: [{ role: 'r', ...own('role parameters') }],
        },
      ]),
      'hosts.yml': 'outer: {children: {inner: {hosts: {hv1: {}}}}}\n',
    },
    set.includes('extra vars') ? { extraVars: { values: { it: 'extra vars' }, texts: new Set() } } : {},
  );
  const { layers, role } = task('task');
  const dynamic = (['include_vars', 'set_fact', 'loop'] as const).filter(place => set.includes(place));
  const scope = hostScope({
    ...{ plan, play: plan.plays[0]!, inventory: plan.inventory, host: 'hv1', layers, role, check: false, facts: {} },
    dynamic: dynamic.map(place => ({ origin: place, values: { it: place } })),
  });
  return scope.resolve('it');
}

describe('the precedence of variables', () => {
  it('is that of the list, whichever places set one', () => {
    fc.assert(
      fc.property(fc.subarray([...places], { minLength: 1 }), set => assert.equal(winnerOf(set), set.at(-1))),
      { numRuns: 60 },
    );
  });
});
