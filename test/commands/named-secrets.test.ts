import assert from 'node:assert/strict';
import { workshop } from './cli.ts';

const { run, write } = workshop();

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
});
