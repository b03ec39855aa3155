import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { play, temporaryFolder } from './engine.ts';

const { path } = temporaryFolder();

function role(files: Readonly<Record<string, string>>): { roles: string[] } {
  for (const [name, text] of Object.entries(files)) {
    const file = path(`roles/disk/${name}`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { roles: [path('roles')] };
}

const schema =
  'type: object\nrequired: [kind]\nproperties: {kind: {enum: [ssd, hdd]}, size: {type: integer, default: 1}}\n';
const disk = {
  'schema.yml': schema,
  'tasks/main.yml':
    '- {name: first, loop: [1], debug: {msg: "{{ kind }}"}}\n- {name: second, debug: {msg: "{{ size }}"}}\n',
};

describe('parameters of a role that the run brings', () => {
  it('are compared with its schema before its first task', async () => {
    const { result, story } = await play(
      `
- hosts: all
  tasks:
    - {name: look, command: {cmd: echo tape, reads: true}, register: found}
    - include: {role: disk}
      vars: {kind: "{{ found.stdout }}"}
`,
      role(disk),
    );
    assert.deepEqual(story, ['h1: look ok', 'h1: first failed']);
    assert.match(result('first').message, /^role "disk": "kind" must be one of "ssd", "hdd" .*\(test\.yml:6:20\)$/);
  });

  it('are looked at in each turn of a loop, and not where the role does not run', async () => {
    const { story } = await play(
      `
- hosts: all
  tasks:
    - {name: look, command: {cmd: echo ssd tape, reads: true}, register: found}
    - include: {role: disk}
      when: found.rc == 1
      vars: {kind: "{{ found.stdout }}"}
    - include: {role: disk}
      loop: !expr found.stdout.split(" ")
      vars: {kind: "{{ item }}"}
`,
      role(disk),
    );
    assert.deepEqual(story, [
      ...['h1: look ok', 'h1: first skipped', 'h1: second skipped'],
      ...['h1: first ok', 'h1: second ok', 'h1: first failed'],
    ]);
  });

  it('are left to the run where check mode cannot know them', async () => {
    const { story } = await play(
      `
- hosts: all
  tasks:
    - {name: look, command: echo ssd, register: found}
    - include: {role: disk}
      vars: {kind: "{{ found.stdout }}"}
`,
      { ...role(disk), check: true },
    );
    assert.deepEqual(story, ['h1: look changed', 'h1: first unknown', 'h1: second ok']);
  });
});
