import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { play } from './engine.ts';

type Tree =
  | { kind: 'task'; fails: string[]; skips: string[]; ignores: boolean }
  | { kind: 'block'; parts: [Tree[], Tree[], Tree[]] };

const some = fc.subarray(['h1', 'h2', 'h3']);
const { steps } = fc.letrec<{ step: Tree; steps: Tree[] }>(tie => ({
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('task' as const), fails: some, skips: some, ignores: fc.boolean() }),
    fc.record({
      kind: fc.constant('block' as const),
      parts: fc.tuple(tie('steps'), tie('steps'), tie('steps')) as fc.Arbitrary<[Tree[], Tree[], Tree[]]>,
    }),
  ),
  steps: fc.array(tie('step'), { maxLength: 3 }) as fc.Arbitrary<Tree[]>,
}));

const among = (hosts: string[]) => `inventory_hostname in [${hosts.map(host => `'${host}'`).join(', ')}]`;

/** Steps as YAML's data, each task with a name of its own. */
function written(trees: Tree[], count: { tasks: number }): object[] {
  return trees.map(tree => {
    if (tree.kind === 'task') {
      count.tasks += 1;
      const assertion = { that: `!(${among(tree.fails)})` };
      return {
        name: `t${count.tasks}`,
        assert: assertion,
        when: `!(${among(tree.skips)})`,
        ignore_errors: tree.ignores,
      };
    }
    count.tasks += 1;
    const first = { name: `b${count.tasks}`, debug: { msg: 'x' } };
    const [block, rescue, always] = tree.parts.map(part => written(part, count)) as [object[], object[], object[]];
    return { block: [first, ...block], rescue, always };
  });
}

/** What must happen on one host, by the meaning of the words alone. */
function expected(trees: object[], host: string, story: string[]): boolean {
  for (const tree of trees as Record<string, unknown>[]) {
    if (!('block' in tree)) {
      const { name, when, assert: assertion, ignore_errors: ignored } = tree as Record<string, never>;
      const has = (text: string | undefined) => text?.includes(`'${host}'`) ?? false;
      if (has(when)) story.push(`${name} skipped`);
      else if (has((assertion as { that?: string } | undefined)?.that)) {
        story.push(`${name} failed`);
        if (!ignored) return false;
      } else story.push(`${name} ok`);
      continue;
    }
    const { block, rescue, always } = tree as Record<string, object[]>;
    let fine = expected(block!, host, story);
    if (!fine && rescue!.length > 0) fine = expected(rescue!, host, story);
    fine = expected(always!, host, story) && fine;
    if (!fine) return false;
  }
  return true;
}

describe('any tree of blocks and tasks', () => {
  it('goes the same way under free and linear, and as its words say', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(steps, async trees => {
        const tasks = written(trees, { tasks: 0 });
        const hosts = ['h1', 'h2', 'h3'];
        for (const strategy of ['free', 'linear']) {
          const run = await play(stringify([{ hosts: 'all', strategy, tasks }]), { inventory: [hosts.join(',')] });
          for (const host of hosts) {
            const story: string[] = [];
            const fine = expected(tasks, host, story);
            const seen = run.story.filter(line => line.startsWith(host)).map(line => line.slice(4));
            assert.deepEqual(seen, story, `${strategy} on ${host}`);
            assert.equal(run.counts(host).failed! > 0, !fine);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
