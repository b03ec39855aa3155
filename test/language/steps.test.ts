import assert from 'node:assert/strict';
import { nothingFound } from '../../src/language/findings.ts';
import type { Task } from '../../src/language/model.ts';
import { parsePlaybook } from '../../src/language/parse/parse-playbook.ts';
import { parseYaml } from '../../src/language/yaml.ts';

/** The only task of a play. */
function taskOf(text: string): Task {
  const read = () => parseYaml(`- {hosts: all, tasks: [${text}]}`, 'test.yml');
  const { plays, problems } = parsePlaybook('./test.yml', read, { modules: new Set(['copy', 'command']) });
  assert.deepEqual(problems, nothingFound);
  const step = plays[0]!.tasks[0]!;
  assert.ok(step.kind === 'task');
  return step;
}

describe('the attempts of a task', () => {
  const rows: Readonly<Record<string, { retries: number; delay: number } | undefined>> = {
    '{command: id}': undefined,
    '{command: id, delay: 2}': undefined,
    '{command: id, until: result.rc == 0}': { retries: 3, delay: 5 },
    '{command: id, until: result.rc == 0, retries: 7}': { retries: 7, delay: 5 },
    '{command: id, until: result.rc == 0, delay: 0}': { retries: 3, delay: 0 },
    '{command: id, retries: 0}': { retries: 0, delay: 5 },
  };
  for (const [text, expected] of Object.entries(rows)) {
    it(`are ${expected ? `${expected.retries} more, ${expected.delay} s apart` : 'one'}: ${text}`, () => {
      const { retry } = taskOf(text);
      assert.deepEqual(retry && { retries: retry.retries, delay: retry.delay }, expected);
    });
  }
});

describe('the arguments of a module', () => {
  const rows: Readonly<Record<string, unknown>> = {
    '{copy: {dest: /a, mode: "0600"}, args: {dest: /b, owner: root}}': { dest: '/a', mode: '0600', owner: 'root' },
    '{command: id, args: {chdir: /tmp}}': { _: 'id', chdir: '/tmp' },
    '{command: id}': 'id',
  };
  for (const [text, args] of Object.entries(rows)) {
    it(`win over those of args: ${text}`, () => assert.deepEqual(taskOf(text).args, args));
  }

  it('have "if: pending" for the engine, and every other "if" for the module', () => {
    const of = (text: string) => {
      const { args, ifPending } = taskOf(text);
      return { args, ifPending };
    };
    assert.deepEqual(of('{copy: {dest: /a, if: pending}}'), { args: { dest: '/a' }, ifPending: true });
    assert.deepEqual(of('{copy: {dest: /a, if: anything}}'), {
      args: { dest: '/a', if: 'anything' },
      ifPending: false,
    });
    assert.deepEqual(of('{copy: {dest: /a}}'), { args: { dest: '/a' }, ifPending: false });
  });
});
