import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { hasher } from '../../src/planned/hashed-change.ts';
import { holdTo } from '../../src/planned/hold.ts';
import { makePlanOf } from '../../src/planned/make.ts';
import type { PlannedTask } from '../../src/planned/plan-file.ts';
import { countsOf, options, playbook, shapes, stateOf } from './any-play.ts';
import { play, temporaryFolder } from './engine.ts';

const { path } = temporaryFolder();
const hash = hasher('00ff', new Set());

/** What a run in check mode plans. */
async function planOf(text: string, dir: string): Promise<readonly PlannedTask[]> {
  const { review, read, tasks } = makePlanOf(hash);
  await play(text, { ...options(dir), check: true, review, onEvent: read });
  return tasks();
}

function apply(text: string, dir: string, tasks: readonly PlannedTask[]) {
  return play(text, { ...options(dir), review: holdTo({ tasks, hash, unknownRuns: true }) });
}

describe('a plan that is applied', () => {
  it('does what a run does, on every host', async function () {
    this.timeout(120_000);
    let round = 0;
    await fc.assert(
      fc.asyncProperty(shapes, async shape => {
        round += 1;
        // Check mode does not know what an earlier task has written to the same file.
        const text = playbook(shape, true);
        const ran = await play(text, options(path(`run${round}`)));
        const dir = path(`applied${round}`);
        const applied = await apply(text, dir, await planOf(text, dir));
        assert.deepEqual(stateOf(dir), stateOf(path(`run${round}`)));
        assert.deepEqual(countsOf(applied), countsOf(ran));
      }),
      { numRuns: 25 },
    );
  });

  it('refuses the host that was changed in between, and that alone', async () => {
    const text = `
- hosts: all
  tasks:
    - {name: write, flag: {path: "{{ dir }}/{{ inventory_hostname }}", value: new}}
`;
    const dir = path('between');
    const tasks = await planOf(text, dir);
    writeFileSync(join(dir, 'h2'), 'other');
    const { results } = await apply(text, dir, tasks);
    const statuses = Object.entries(results('write')).map(([host, { status }]) => `${host} ${status}`);
    assert.deepEqual(statuses, ['h1 changed', 'h2 failed', 'h3 changed']);
    const { message, diff } = results('write').h2!;
    assert.match(message, /^not as planned: the host was changed since the plan was made/);
    assert.equal(diff[0]?.before, 'other');
    assert.deepEqual(stateOf(dir), { h1: 'new', h2: 'other', h3: 'new' });
  });
});
