import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { foreseeing } from '../../src/shell/look.ts';
import { sh } from '../../src/shell/quote.ts';
import { play, temporaryFolder } from './engine.ts';
import { flagChanging, flagLook, flagWith } from './flag-module.ts';

const { path } = temporaryFolder();

/** A flag whose change says what it leaves, and whose look sees that. */
const flag = flagWith('flag', {
  ...flagChanging('flag', ({ path: file, value }) => ({ leaves: { [file]: value } })),
  look: ({ path: file }) => {
    const look = flagLook(sh`if [ -e ${file} ]; then cat ${file}; else exit 3; fi`);
    return foreseeing(look, (seen, foretold) => ({ value: foretold.get(file) ?? seen.value }));
  },
});

/** Plays tasks that set the same flag to a value each, in order. */
async function statuses(tasks: readonly string[], check: boolean): Promise<readonly string[]> {
  const lines = tasks.map((more, at) => `    - {name: "${at}", flag: {path: ${path('f')}, ${more}`);
  const run = await play(`- hosts: all\n  tasks:\n${lines.map(line => `${line}\n`).join('')}`, {
    modules: [flag],
    check,
  });
  return tasks.map((_, at) => run.result(String(at)).status);
}

describe('what a task of check mode would leave', () => {
  it('is what later tasks of check mode see', async () => {
    const tasks = ['value: new}}', 'value: new}}', 'value: other}}'];
    assert.deepEqual(await statuses(tasks, true), ['changed', 'ok', 'changed']);
    assert.equal(existsSync(path('f')), false);
  });

  it('is not on the host for a task that runs in earnest', async () => {
    assert.deepEqual(await statuses(['value: new}, check_mode: true}', 'value: new}}'], false), ['changed', 'changed']);
    assert.equal(readFileSync(path('f'), 'utf8'), 'new');
  });

  it('gives way to what a task leaves that runs in earnest', async () => {
    const tasks = ['value: foretold}}', 'value: real}, check_mode: false}', 'value: real}}'];
    assert.deepEqual(await statuses(tasks, true), ['changed', 'changed', 'ok']);
  });
});
