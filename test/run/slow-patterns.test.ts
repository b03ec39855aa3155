import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { matchInTime } from '../../src/in-time.ts';
import { play, temporaryFolder } from './engine.ts';

const { path } = temporaryFolder();

describe('a pattern that would take for ever on what a host has', function () {
  this.timeout(60_000);

  const blanks = ' '.repeat(400_000);
  const many = `${'a'.repeat(60)}c`;
  for (const [what, text, task] of [
    ['a line', blanks, { lineinfile: { path: '{{ f }}', regexp: String.raw`\s*#?\s*Port\s`, line: 'Port 1' } }],
    ['an anchor', many, { lineinfile: { path: '{{ f }}', insertafter: '(a+)+$', line: 'b' } }],
    ['a block', many, { blockinfile: { path: '{{ f }}', insertafter: '(a+)+$', block: 'b' } }],
    ['a replacement', many, { replace: { path: '{{ f }}', regexp: '(a+)+$', replace: 'b' } }],
    ['a function', many, { debug: { msg: '{{ regex_replace (lookup "x") "(a+)+$" "b" }}' } }],
    ['a condition', many, { debug: { msg: 'x' }, when: 'read.stdout.matches("(a+)+$")' }],
  ] as const) {
    it(`is ended in ${what}, and the run goes on`, async () => {
      writeFileSync(path('f'), text);
      const of = JSON.stringify(task).replace('(lookup \\"x\\")', 'read.stdout');
      const tasks = [
        `{name: read, command: cat ${path('f')}, register: read}`,
        `{name: it, ignore_errors: true, ${of.slice(1)}`,
      ];
      const run = await play(
        `- hosts: all\n  tasks:\n${tasks.map(one => `    - ${one}\n`).join('')}    - {name: next, command: "true"}\n`,
        { vars: { f: path('f') } },
      );
      assert.match(run.result('it').message, /takes longer than 2 s/);
      assert.equal(run.result('it').status, 'failed');
      assert.equal(run.result('next').status, 'changed');
    });
  }

  it('is tried without a limit where it cannot take long', () => {
    // A limit is another context: what is thrown from there at the limit would be told.
    const lines = Array.from({ length: 3000 }, (_, at) => `#Port ${at}`);
    assert.equal(
      matchInTime([String.raw`^\s*#?\s*Port\s`], lines, () => new Error().stack?.includes('node:vm')),
      false,
    );
    assert.equal(
      matchInTime(['(a+)+$'], ['aaa'], () => new Error().stack?.includes('node:vm')),
      true,
    );
  });
});
