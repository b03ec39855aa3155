import assert from 'node:assert/strict';
import { expression } from '../../src/language/source.ts';
import { compileExpression } from '../../src/values/expression.ts';
import { insteadOf, withInstead } from '../../src/values/jinja/insteads.ts';
import { readJinja, translateJinja } from '../../src/values/jinja/translate.ts';
import { createScope } from '../../src/values/scope.ts';
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
  ['x is number and y is string', "type(x) in [type(0), type(0.0)] && type(y) == type('')"],
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
  ["x is match('a|b')", "x.matches('^(?:a|b)')"],
  ['x is match(pattern)', "x.matches('^(?:' + pattern + ')')"],
  [String.raw`x is search('^\d+$')`, String.raw`x.matches(r'^\d+$')`],
  [String.raw`x is search('\\.')`, String.raw`x.matches(r'\.')`],
  [String.raw`x == "it's\n"`, String.raw`x == "it's\n"`],
  [`x == "it's"`, `x == "it's"`],
  [
    String.raw`x | regex_replace('(\d)$', '\\1$')`,
    String.raw`regex_replace(x, r'(\d)$', '$1$$')`,
    String.raw`regex_replace x '(\d)$' '$1$$'`,
  ],
  ['x | indent', 'indent(x, 4, false)', 'indent x 4 false'],
  ['x | indent(2)', 'indent(x, 2, false)', 'indent x 2 false'],
  ['x | indent(2, true)', 'indent(x, 2, true)', 'indent x 2 true'],
  ['x | indent(first=True)', 'indent(x, 4, true)', 'indent x 4 true'],
  ['x | join', "join(x, '')", "join x ''"],
  ["x | join('-', attribute='a.b')", "join(x.map(i, i.a.b), '-')"],
  ["x | sum(attribute='n')", 'sum(x.map(i, i.n))'],
  ["x | sort(attribute='n')", "sort_by(x, 'n')", "sort_by x 'n'"],
  ['x | sort(reverse=true)', 'reverse(sort(x))', 'reverse (sort x)'],
  ["x | max(attribute='n')", "last(sort_by(x, 'n'))", "last (sort_by x 'n')"],
  ["x | map(attribute='n', default=0) | list", 'x.map(i, default(i.n, 0))'],
  ['x | combine(y, recursive=True)', 'merge(x, y)', 'merge x y'],
  ['x | flatten(levels=1)', 'flatten(x, 1)', 'flatten x 1'],
  ['a / 2', 'double(a) / 2'],
  ['a * b / 2', 'double(a * b) / 2'],
  ['x | to_json', 'json(x)', 'json x'],
  ['x | to_nice_json', 'json(sort_keys(x), 4)', 'json (sort_keys x) 4'],
  ['x | to_nice_json(indent=2)', 'json(sort_keys(x), 2)', 'json (sort_keys x) 2'],
  ['x | to_nice_json(2, sort_keys=False)', 'json(x, 2)', 'json x 2'],
  ['x | to_nice_yaml(indent=2)', 'yaml(sort_keys(x))', 'yaml (sort_keys x)'],
  ['x | to_nice_yaml(sort_keys=False)', 'yaml(x)', 'yaml x'],
  ['x | dictsort', "sort_by(items(x), 'key')", "sort_by (items x) 'key'"],
  ["x | ipaddr('network')", 'ip_address(ip_network(x))', 'ip_address (ip_network x)'],
  ["x | ipaddr('subnet')", 'ip_network(x)', 'ip_network x'],
  ["x | subelements('groups', skip_missing=True)", "subelements(x.filter(i, defined(i.groups)), 'groups')"],
  ["x | subelements('groups')", "subelements(x, 'groups')", "subelements x 'groups'"],
  ['x is defined and x', 'defined(x) && truthy(x)'],
  ['a and x.y is defined and x.y and b', 'a && defined(x.y) && truthy(x.y) && b'],
  ["x is match('^a')", "x.matches('^a')"],
  ["x is match('^a|b')", "x.matches('^(?:^a|b)')"],
  ['x | round', 'int(double(x) + 0.5)'],
  ['x | bool', "lower(string(x)) in ['yes', 'on', '1', 'true']"],
  ["x | comment('erlang')", "comment(x, '%')", "comment x '%'"],
  ["q('fileglob', '/etc/*.conf')", "fileglob('/etc/*.conf')", "fileglob '/etc/*.conf'"],
  ["lookup('file', 'a')", "file(path_join(playbook_dir, 'a'))", "file (path_join playbook_dir 'a')"],
  [
    "lookup('fileglob', 'a/*', wantlist=True)",
    "fileglob(path_join(playbook_dir, 'a/*'))",
    "fileglob (path_join playbook_dir 'a/*')",
  ],
  ['k | extract(m)', 'm[k]'],
  ["ansible_facts['os_family'] == 'x'", "facts.os.family == 'x'"],
  ['x | length and s', 'truthy(size(x)) && s'],
  ['not (x | length)', '!truthy(size(x))'],
  ["'a' if x | length else 'b'", "truthy(size(x)) ? 'a' : 'b'"],
  ['loop.index > 1', '@index + 1 > 1'],
  ['not loop.last', '!@last'],
  ['loop.first', '@first', '@first'],
  ['x[-1]', 'last(x)', 'last x'],
  ['x.y[-2].z', 'x.y[size(x.y) - 2].z'],
  ["'%s-%d%%' | format(a, b)", "string(a) + '-' + string(b) + '%'"],
  ["'v%s' % a", "'v' + string(a)"],
  ["lookup('first_found', ['/a', 'b'])", "first_found(['/a', path_join(playbook_dir, 'b')])"],
  ["q('first_found', '/a')", "[first_found(['/a'])]"],
  ['n is odd', 'n % 2 != 0'],
  ['(n + 1) is not even', '(n + 1) % 2 != 0'],
  ['n is divisibleby(3)', 'n % 3 == 0'],
  ['a is superset(b)', 'size(difference(b, a)) == 0'],
  ['a is subset(b)', 'size(difference(a, b)) == 0'],
  ['x is any', 'x.exists(i, truthy(i))'],
  ['x is ge(1) and x is lessthan(3)', 'x >= 1 && x < 3'],
  ["ansible_distribution == 'RedHat'", "facts.os.id == 'rhel'"],
  ["'Debian' != ansible_facts['os_family']", "'debian' != facts.os.family"],
  ["ansible_distribution not in ['Debian', 'Ubuntu']", "!(facts.os.id in ['debian', 'ubuntu'])"],
  ["ansible_os_family | lower == 'debian'", "lower(facts.os.family) == 'debian'"],
  ["x == 'Debian'", "x == 'Debian'"],
  ["'error' in r.stderr", "r.stderr.contains('error')"],
  ["'error' not in r.stdout", "!r.stdout.contains('error')"],
  ["'kvm' in group_names", "'kvm' in group_names"],
  ['ansible_hostname', 'facts.network.hostname', 'facts.network.hostname'],
  ['True', 'true', 'true'],
];

describe('expressions of Ansible', () => {
  for (const [jinja, cel, helper] of rows) {
    it(`${jinja} is ${cel}`, () => {
      const form = translateJinja(jinja);
      assert.deepEqual([form?.cel, form?.helper], [cel, helper]);
      if (cel.includes('@')) compileTemplate(`{{#each list}}{{ cel "${cel}" }}{{/each}}`);
      else compileExpression(cel);
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
    'loop.length',
    "'%5s' | format(a)",
    "'%s' | format(a, b)",
    "lookup('first_found', paths)",
    // What has arguments that nothing here is like: without them it would mean something else.
    "x | trim('/')",
    "x | replace('a', 'b', 1)",
    "x | unique(attribute='a')",
    'x | sort(case_sensitive=true)',
    "x | sort(attribute='a.b')",
    'x | sum(start=1)',
    "x | dict2items(key_name='k')",
    "x | ipaddr('public')",
    "x | regex_search('(a)', '\\\\1')",
    "x | comment('cblock')",
    'x | slice(3)',
    'x | int(0)',
    "x | combine(y, list_merge='append')",
    "x is match('a', ignorecase=True)",
    'x | select(test)',
    "x.strip('/')",
    "lookup('env', 'A', default='b')",
    "['a', b='c']",
    '',
  ])
    it(`${JSON.stringify(jinja)} is nothing here`, () => assert.equal(translateJinja(jinja), undefined));

  for (const [jinja, missing] of [
    ['x | upper | nope', 'nope'],
    ['x | random(seed=1)', 'random'],
    ['now()', 'now'],
    ["'/a' is exists", 'is exists'],
    ["lookup('pipe', 'date')", 'lookup pipe'],
    ["x | map('nope') | list", 'map'],
    ['x.casefold()', 'casefold'],
    ['a b', undefined],
  ] as const)
    it(`${jinja} has ${missing} that nothing here is like`, () => assert.equal(readJinja(jinja).missing, missing));

  for (const [jinja, note] of [
    ['a // 2', 'Below 0 it is cut toward 0: -3 / 2 is -1, where Ansible has -2.'],
    ['a % 2 == 1', 'Below 0 the remainder is negative: -3 % 2 is -1, where Ansible has 1.'],
    ['x | to_nice_yaml', 'The data is the same, with other blanks and line breaks.'],
    ["x | comment('c')", 'Ansible has a line with nothing but the mark before it, and another one behind it.'],
    ['x | round(1)', 'It holds for what is not negative.'],
    ['ansible_memfree_mb > 1', 'It is what could be had without swapping, which is more than MemFree.'],
    ["ansible_facts['processor_cores'] > 1", 'It counts those of all sockets.'],
    ['ansible_managed | upper', 'Give it a value, as in group_vars/all.yml: ansible_managed: "Ansible managed"'],
    ['x | length // 2', undefined],
    ['loop.index % 2', undefined],
    ['ansible_memtotal_mb // 1024', undefined],
    ["ansible_distribution == 'Debian'", undefined],
  ] as const)
    it(`${jinja} ${note === undefined ? 'is the same here' : 'says what differs'}`, () =>
      assert.deepEqual(readJinja(jinja).notes, note === undefined ? [] : [note]));

  for (const [jinja, vars, gives] of [
    ['x | bool', { x: 'Yes' }, true],
    ['x | bool', { x: 'no' }, false],
    ['x | bool', { x: 1 }, true],
    ['x | bool', { x: true }, true],
    ['x | bool | int', { x: 'on' }, 1],
    ['(x / 1024) | round(1)', { x: 7955 }, 7.8],
    ['x | round', { x: 2.6 }, 3],
  ] as const)
    it(`${jinja} of ${JSON.stringify(vars)} is ${gives}`, () =>
      assert.equal(
        createScope([{ origin: 't', values: vars }]).evaluate(expression(translateJinja(jinja)!.cel)),
        gives,
      ));

  it('that nothing here is like have advice that holds', () => {
    for (const name of withInstead) {
      const [, cel] = /in an expression: (.*)$/.exec(insteadOf(name)) ?? [];
      if (cel !== undefined) compileExpression(cel);
    }
    assert.match(insteadOf('nope'), /"nope"/);
  });
});
