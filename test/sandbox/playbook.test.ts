import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineRun, play } from '../run/engine.ts';
import { inSandboxes } from './sandbox.ts';
import { serve } from './serve.ts';

const playbook = `
- hosts: all
  vars: {who: guests}
  handlers:
    - {name: told, shell: "echo told >>/srv/log"}
  tasks:
    - group: {name: "{{ who }}", gid: 4200}
    - user: {name: ann, group: "{{ who }}", shell: /bin/sh}
    - file: {path: /srv/pool/images, state: directory, mode: "0750", owner: ann, group: "{{ who }}"}
    - {copy: {content: "vm: {{ item }}\\n", dest: "/srv/pool/{{ item }}.yml", force: false}, loop: [a, b], notify: told}
    - lineinfile: {path: /srv/pool/a.yml, line: "size: 1", regexp: "^size:"}
    - blockinfile: {path: /srv/pool/a.yml, block: "disks:\\n  - vda\\n"}
    - replace: {path: /srv/pool/b.yml, regexp: "^vm: b$", replace: "vm: bb"}
    - ini_file: {path: /srv/pool/c.ini, section: s, option: o, value: "1", mode: "0644"}
    - {shell: "id -un >/srv/pool/images/who", args: {creates: /srv/pool/images/who}, become: true, become_user: ann}
    # What they read is only foretold by check mode.
    - when: "!check_mode"
      block:
        - {command: cat /srv/pool/images/who, args: {reads: true}, register: whose}
        - {find: {paths: /srv/pool, patterns: "*.yml"}, register: found}
        - {slurp: {src: /srv/pool/b.yml}, register: read}
        - assert: {that: ['whose.stdout == "ann"', "found.matched == 2", 'from_base64(read.content) == "vm: bb\\n"']}
    - block:
        - {command: "false", args: {reads: true}}
      rescue:
        - {debug: {msg: "{{ ansible_failed_result.rc }}"}}
`;

function changes({ events }: EngineRun): string[] {
  return events.flatMap(event => (event.type === 'task.finished' && event.result.changed ? [event.task.name] : []));
}

function failures({ events }: EngineRun): string[] {
  return events.flatMap(event =>
    event.type === 'task.finished' && event.result.status === 'failed'
      ? [`${event.task.name}: ${event.result.message}`]
      : [],
  );
}

inSandboxes('a whole playbook over SSH', sandbox => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-sandbox-ssh-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('changes the host, is then ok, and fixes what is undone', async function () {
    this.timeout(90_000);
    const inventory = [join(folder, 'inventory')];
    writeFileSync(inventory[0]!, `box ${await serve(sandbox(), folder)}\n`);
    const go = (check = false) => play(playbook, { inventory, connection: 'ssh', check });
    const stock = sandbox().run('ls /srv; getent passwd ann || :');
    const foretold = await go(true);
    assert.equal(foretold.exitCode, 0, failures(foretold).join('\n'));
    assert.equal(sandbox().run('ls /srv; getent passwd ann || :'), stock);
    const first = await go();
    assert.equal(first.exitCode, 0, failures(first).join('\n'));
    assert.equal(
      sandbox().run(
        'cat /srv/pool/a.yml /srv/pool/b.yml /srv/pool/c.ini /srv/log; stat -c "%a %U %G" /srv/pool/images',
      ),
      `vm: a\nsize: 1\n# BEGIN HOSTWRIGHT MANAGED BLOCK\ndisks:\n  - vda\n# END HOSTWRIGHT MANAGED BLOCK\nvm: bb\n[s]\no = 1\ntold\n750 ann guests\n`,
    );
    const counts = first.counts();
    assert.deepEqual([counts.failed, counts.rescued], [0, 1]);
    const again = await go();
    assert.deepEqual([again.exitCode, again.counts().changed], [0, 0], changes(again).join('\n'));
    sandbox().run('chmod 777 /srv/pool/images; sed -i s/^size.*/size:9/ /srv/pool/a.yml; rm /srv/pool/c.ini');
    const fixed = await go();
    assert.deepEqual(changes(fixed), ['file', 'lineinfile', 'ini_file']);
  });
});
