import assert from 'node:assert/strict';
import { join } from 'node:path';
import { make } from './make.ts';

function names(files: Record<string, string>): string[] {
  return make(files).tasks.map(({ name, role }) => (role ? `${role.name}/${name}` : name));
}

const task = (name: string) => `- {name: ${name}, debug: {msg: "{{ default color 'no' }}"}}\n`;
const roles = {
  'roles/base/tasks/main.yml': task('b'),
  'roles/base/handlers/main.yml': '- {name: base is set, debug: {msg: x}}\n',
  'roles/web/meta/main.yml': 'dependencies: [{role: base, color: red, tags: [dep]}]\ngalaxy_info: {author: somebody}\n',
  'roles/web/tasks/main.yml': task('w'),
  'roles/web/tasks/extra.yml': task('e'),
};

describe('roles', () => {
  it('run after those that they depend on, whose keywords and handlers count', () => {
    const {
      tasks,
      task: of,
      scope,
    } = make({
      ...roles,
      'site.yml': '- {hosts: all, roles: [{role: web, when: 1 == 1, tags: [call]}]}\n',
    });
    assert.deepEqual(
      tasks.map(({ name }) => name),
      ['b', 'w', 'base is set'],
    );
    assert.deepEqual(of('b').tags, ['call', 'dep']);
    assert.deepEqual(
      of('b').when.map(({ text }) => text),
      ['1 == 1'],
    );
    assert.equal(scope('b').resolve('color'), 'red');
    assert.equal(scope('b').resolve('role_name'), 'base');
    assert.match(String(scope('b').resolve('role_path')), /roles\/base$/);
    assert.equal(scope('w').origin('color'), undefined, 'a parameter of a dependency is not one of the role');
  });

  it('run once a play for the same call, and again with other parameters or where they allow it', () => {
    const site =
      '- hosts: all\n  roles: [base, base, web, {role: base, color: red, tags: [dep]}, {role: base, color: blue}]\n';
    assert.deepEqual(names({ ...roles, 'site.yml': site }).slice(0, 4), ['base/b', 'base/b', 'web/w', 'base/b']);
    const twice = {
      ...roles,
      'roles/base/meta/main.yml': 'allow_duplicates: true\n',
      'site.yml': '- {hosts: all, roles: [base, base]}\n',
    };
    assert.deepEqual(names(twice).slice(0, 2), ['base/b', 'base/b']);
    const plays = '- {hosts: all, roles: [base]}\n- {hosts: all, roles: [base]}\n';
    assert.equal(
      make({ ...roles, 'site.yml': plays }).plan.plays[1]!.stages.flat().length,
      1,
      'another play runs it again',
    );
  });

  it('are included, whole or one file of them, as often as it is said', () => {
    const site = `
- hosts: all
  tasks:
    - include_role: {name: web, tasks_from: extra}
    - include_role: {name: web, tasks_from: extra.yml}
    - import_role: {name: base}
`;
    assert.deepEqual(names({ ...roles, 'site.yml': site }).slice(0, 3), ['web/e', 'web/e', 'base/b']);
  });
});

describe('handlers of a role that is included', () => {
  it('know what it was given, but nothing of the turns of a loop', () => {
    const site = `
- hosts: all
  tasks:
    - include: {role: base}
      vars: {color: green}
    - include: {role: web}
      loop: [red, blue]
      vars: {shade: "{{ item }}"}
`;
    const files = {
      ...roles,
      'roles/web/handlers/main.yml': '- {name: web is set, debug: {msg: x}}\n',
      'site.yml': site,
    };
    const { scope } = make(files);
    assert.equal(scope('base is set').resolve('color'), 'green');
    assert.equal(scope('web is set').origin('shade'), undefined);
  });
});

describe('defaults of a module', () => {
  it('are those of the nearest place that has any for the module, and the task wins', () => {
    const { task: of } = make({
      'site.yml': `
- hosts: all
  module_defaults: {ansible.builtin.copy: {mode: "0600", owner: root}, debug: {msg: x}}
  tasks:
    - module_defaults: {copy: {mode: "0640"}}
      block:
        - {name: one, copy: {content: a, dest: /a, owner: bob}}
        - {name: two, debug: }
        - {name: three, debug: {var: play_hosts}}
`,
    });
    assert.deepEqual(of('one').task.args, { mode: '0640', owner: 'bob', content: 'a', dest: '/a' });
    assert.equal((of('two').task.args as { msg: string }).msg, 'x');
  });
});

describe('an imported playbook', () => {
  it('is its plays in place of the import', () => {
    const { plan } = make({
      'site.yml': '- import_playbook: more/other.yml\n- {hosts: all, name: last, tasks: []}\n',
      'more/other.yml': '- {hosts: all, name: first, tasks: [{include: t.yml}]}\n',
      'more/t.yml': task('t'),
    });
    assert.deepEqual(
      plan.plays.map(({ name }) => name),
      ['first', 'last'],
    );
    assert.equal(plan.plays[0]!.stages.flat().length, 1);
  });
});

describe('two roles that both set a disk', () => {
  const shipped = { rolePath: [join(import.meta.dirname, '../../roles')] };
  const both = (one: string, other: string) => ({
    'site.yml': `- hosts: all
  roles:
    - role: iothreads
      domains: [{name: vm1, disks: {vda: ${one}}}]
    - role: disk-io
      domains: [{name: vm1, disks: {vda: ${other}}}]
`,
  });

  it('are refused before the run where they do not agree', () => {
    const auto = both('{io: native}', '{}');
    assert.throws(() => make(auto, shipped), /disk vda driver io of domain vm1 on hv1 is "auto" here, and "native" at/);
    const caches = both('{cache: directsync}', '{io: native}');
    assert.throws(() => make(caches, shipped), /disk vda driver cache .* is "none" here, and "directsync" at/);
  });

  it('may name the same disk, and the same value', () => {
    assert.ok(make(both('{iothread: 1}', '{}'), shipped).tasks.length > 0);
    assert.ok(make(both('{cache: none, iothread: 1}', '{iothread: 1}'), shipped).tasks.length > 0);
  });
});
