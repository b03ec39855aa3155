import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { play, temporaryFolder } from './engine.ts';

/** Prints for four seconds where the shell prints, and has left its parent. */
const daemon = (out: string) =>
  `( i=0; while [ $i -lt 80 ]; do i=$((i + 1)); echo of the daemon ${out}; sleep 0.05; done & )`;

const { path } = temporaryFolder();

describe('a process that a task leaves behind', function () {
  this.timeout(120_000);

  for (const [what, start] of Object.entries({
    'prints to stdout': daemon(''),
    'prints to stderr': daemon('>&2'),
    'prints by another descriptor': `( exec 9>&1 >/dev/null 2>&1; ${daemon('>&9')} )`,
    'is of a condition': `true`,
  })) {
    it(`writes into no answer of another task where it ${what}`, async () => {
      const condition = what.startsWith('is of') ? `, args: {only_if: ${JSON.stringify(daemon(''))}}` : '';
      const run = await play(`
- hosts: all
  tasks:
    - {name: it, shell: ${JSON.stringify(start)}${condition}}
    - {name: next, shell: sleep 0.3; echo mine; echo mine >&2, register: next}
    - {name: look, shell: sleep 0.3; cat /proc/sys/kernel/ostype, args: {reads: true}}
`);
      assert.equal(run.exitCode, 0, JSON.stringify(run.events.at(-1)));
      const { stdout, stderr } = run.result('next').fields;
      assert.deepEqual({ stdout, stderr }, { stdout: 'mine', stderr: 'mine' });
      assert.equal(run.result('look').fields.stdout, 'Linux');
      if (condition === '') assert.match(run.result('it').message, /; process \d+ that it left behind still has its/);
    });
  }

  for (const [program, task] of Object.entries({
    head: 'slurp: {src: FILE}',
    rm: 'file: {path: FILE, state: absent}',
  })) {
    it(`writes into no answer of another task where an environment has ${program} start it`, async () => {
      mkdirSync(path('bin'));
      writeFileSync(path('file'), '');
      const instead = `#!/bin/sh\n( sleep 0.2; ${daemon('')} ) &\nexec /usr/bin/${program} "$@"\n`;
      writeFileSync(path(`bin/${program}`), instead, { mode: 0o755 });
      const run = await play(`
- hosts: all
  tasks:
    - {name: it, ${task.replace('FILE', path('file'))}, environment: {PATH: "${path('bin')}:/usr/bin:/bin"}}
    - {name: next, shell: sleep 0.6; echo mine, register: next}
`);
      assert.equal(run.exitCode, 0, JSON.stringify(run.events.at(-1)));
      assert.equal(run.result('next').fields.stdout, 'mine');
    });
  }

  it('is let alone where it prints elsewhere', async () => {
    const run = await play(`
- hosts: all
  tasks: [{name: it, shell: '( sleep 1 >/dev/null 2>&1 & )'}]
`);
    assert.doesNotMatch(run.result('it').message, /left behind/);
  });
});
