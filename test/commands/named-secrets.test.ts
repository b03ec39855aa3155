import assert from 'node:assert/strict';
import { workshop } from './cli.ts';

const { run, runIn, write } = workshop();

describe('variables whose names say that they are secret', () => {
  it('are masked in every output, from the inventory and from -e; other variables are not', () => {
    write({
      'inventory.yml':
        'all:\n  vars: {ansible_connection: local}\n  hosts: {h1: {db_password: hunter2horse, place: cellar}}\n',
      'vars.yml': 'web: {api_token: tok-12345, token_file: /etc/token}\n',
      'site.yml': `- hosts: h1
  gather_facts: false
  tasks:
    - debug: {msg: "{{ db_password }} {{ web.api_token }} {{ place }} {{ web.token_file }}"}
`,
    });
    const { exitCode, stdout, stderr } = run('play', 'site.yml', '-e', '@vars.yml');
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /— \*\*\* \*\*\* cellar \/etc\/token\n/);
  });

  it('are masked in facts and in why there are none', () => {
    write({ 'inventory.yml': 'all: {hosts: {h1: {db_password: hunter2horse, ansible_connection: local}}}\n' });
    const here = { env: { SHOWN: 'it is hunter2horse' } };
    const { exitCode, stdout, stderr } = runIn(here, 'facts', 'h1', 'env');
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /"SHOWN":"it is \*\*\*"/);
    assert.doesNotMatch(stdout, /hunter2/);
    const refused = run('facts', 'h1', '-b', '--become-user', 'hunter2horse', '--become-method', 'su');
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /^h1: su on this machine .* to become \*\*\*\./);
    assert.doesNotMatch(refused.stderr, /hunter2/);
  });

  it('are masked in advice', () => {
    write({
      'inventory.yml': 'all: {hosts: {h1: {db_password: hunter2horse, ansible_connection: local}}}\n',
      'roles/motd/tasks/main.yml': '- {name: "The text", fail: {msg: "it is {{ db_password }}"}}\n',
      'roles/motd/advice.yml': 'parameters: {}\nwhy: x\nsource: x\n',
    });
    assert.match(run('advise', 'h1', '--role', 'motd').stdout, /motd: it is \*\*\*\n/);
  });
});
