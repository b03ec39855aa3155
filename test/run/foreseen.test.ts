import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { play, temporaryFolder } from './engine.ts';

const { path } = temporaryFolder();

describe('check mode, of what lies in a directory that this run would make', () => {
  const text = (parent: string) => `
- hosts: all
  tasks:
    - {name: directory, file: {path: "${path(parent)}", state: directory}}
    - {name: copied, copy: {content: "a\\n", dest: "${path('new/deep')}/a"}}
    - {name: line, lineinfile: {path: "${path('new/deep')}/b", line: b, create: true}}
    - {name: touched, file: {path: "${path('new/deep')}/c", state: touch}}
    - {name: linked, file: {path: "${path('new/deep')}/d", state: link, src: a, force: true}}
    - {name: validated, copy: {content: "x\\n", dest: "${path('new/deep')}/e", validate: "grep -q x %s"}}
`;

  it('foresees the change with its whole diff, and makes nothing', async () => {
    const run = await play(text('new/deep'), { check: true });
    for (const task of ['directory', 'copied', 'line', 'touched', 'linked', 'validated'])
      assert.equal(run.result(task).status, 'changed', `${task}: ${run.result(task).message}`);
    assert.deepEqual(run.result('copied').diff, [{ subject: path('new/deep/a'), before: '', after: 'a\n' }]);
    assert.equal(existsSync(path('new')), false);
    const real = await play(text('new/deep'));
    assert.deepEqual(real.result('copied').diff, run.result('copied').diff);
    assert.deepEqual(real.counts(), run.counts());
  });

  it('rehearses it as any other', async () => {
    const run = await play(text('new/deep').replace('grep -q x', 'grep -q y'), { check: true });
    assert.equal(run.result('validated').status, 'failed');
  });

  it('does not know where no task is sure to make the directory', async () => {
    writeFileSync(path('f'), '');
    const run = await play(
      `
- hosts: all
  tasks:
    - name: maybe
      unarchive: {src: "${path('none.tar')}", dest: "${path('new')}", remote_src: true}
      ignore_errors: true
    - {name: makes, command: "mkdir -p ${path('new/deep')}"}
    - {name: parent, file: {path: "${path('new')}", state: directory}}
    - {name: copied, copy: {content: "a\\n", dest: "${path('new/deep')}/a"}}
`,
      { check: true },
    );
    assert.equal(run.result('copied').status, 'unknown', run.result('copied').message);
  });
});
