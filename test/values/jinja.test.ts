import assert from 'node:assert/strict';
import { compileExpression } from '../../src/values/expression.ts';
import { translateJinja } from '../../src/values/jinja/translate.ts';
import { compileTemplate } from '../../src/values/template.ts';

const rows: readonly (readonly [jinja: string, cel: string, helper?: string])[] = [
  ['a and not b or c', 'a && !b || c'],
  ['a and (b or c)', 'a && (b || c)'],
  ['not (a == b)', 'a != b'],
  ['pool is defined', 'defined(pool)', 'defined pool'],
  ['a.b is not defined', '!defined(a.b)'],
  ["'kvm' not in group_names", "!('kvm' in group_names)"],
  ['list | length > 0', 'size(list) > 0'],
  ['up is not changed', '!up.changed'],
  ['up is succeeded', '!up.failed'],
  ['x is not none', 'x != null'],
  ['x is number and y is string', 'type(x) == int && type(y) == string'],
  ["x is match('a.*')", "x.matches('^a.*')"],
  ["users | map(attribute='name') | join(',')", "join(users.map(i, i.name), ',')"],
  ['names | map("upper") | list', 'names.map(i, upper(i))'],
  ["users | selectattr('age', 'gt', 3) | list", 'users.filter(i, i.age > 3)'],
  ["users | rejectattr('gone') | list", 'users.filter(i, !truthy(i.gone))'],
  ["x | select('match', 'a') | first", "first(x.filter(i, i.matches('^a')))"],
  ["'a' if b else 'c'", "b ? 'a' : 'c'"],
  ["b | ternary('a', 'c')", "b ? 'a' : 'c'"],
  ["a ~ '-' ~ b", "string(a) + '-' + string(b)"],
  ['(a + 1) * 2 // 3', '(a + 1) * 2 / 3'],
  ['-a + 1', '-a + 1'],
  ["x | default('y')", "default(x, 'y')", "default x 'y'"],
  ["x | d('y', true)", "truthy(x) ? x : 'y'"],
  ["lookup('env', 'HOME')", "env('HOME')", "env 'HOME'"],
  ["d['a'].b[0].2", 'd.a.b[0][2]', 'd.a.b.[0].[2]'],
  ["d['a-b']", "d['a-b']", 'd.[a-b]'],
  ['d.items()', 'items(d)', 'items d'],
  ["d.get('k', 1)", 'default(d.k, 1)', 'default d.k 1'],
  ["name | replace('a', 'b') | upper", "upper(replace(name, 'a', 'b'))", "upper (replace name 'a' 'b')"],
  ["x | combine({'a': 1}, y)", "merge(merge(x, {'a': 1}, false), y, false)"],
  ["x | hash('sha256')", 'sha256(x)', 'sha256 x'],
  ["x is version('1.2', '<')", "version(x, '<', '1.2')", "version x '<' '1.2'"],
  ['range(3)', 'range(0, 3)', 'range 0 3'],
  ['k | extract(m)', 'm[k]'],
  ["ansible_facts['os_family'] == 'x'", "facts.os.family == 'x'"],
  ['ansible_hostname', 'facts.network.hostname', 'facts.network.hostname'],
  ['True', 'true', 'true'],
];

describe('expressions of Ansible', () => {
  for (const [jinja, cel, helper] of rows) {
    it(`${jinja} is ${cel}`, () => {
      const form = translateJinja(jinja);
      assert.deepEqual([form?.cel, form?.helper], [cel, helper]);
      compileExpression(cel);
      if (helper !== undefined) compileTemplate(`{{ ${helper} }}`);
    });
  }

  for (const jinja of [
    'x | password_hash',
    'x is nothing_known',
    'a b',
    'a[',
    '(a',
    'a |',
    '{a: 1',
    'lookup("pipe", "x")',
    'a $ b',
    '',
  ])
    it(`${JSON.stringify(jinja)} is nothing here`, () => assert.equal(translateJinja(jinja), undefined));
});
