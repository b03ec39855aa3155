import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { NumberedEvent } from '../../src/events/event.ts';
import { raw, sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { play } from './engine.ts';
import { flagChanging, flagLook, flagWith } from './flag-module.ts';

type Tree = Readonly<Record<string, unknown>>;

const modules = [
  flagWith('flag'),
  // Shows only after its script has ended, as a service that starts does.
  flagChanging('late_flag', ({ path, value }) => ({
    apply: script({ write: sh`( sleep 0.2; printf %s ${value} >${path} ) >/dev/null 2>&1 &` }),
    verify: { within: 20 },
  })),
  flagChanging('broken_flag', ({ path }) => ({
    apply: script({ half: sh`printf half >${path}`, rest: raw('echo no space left >&2; exit 1') }),
  })),
  flagChanging('undone_flag', ({ path }) => ({
    apply: script({ write: sh`printf wrong >${path}` }),
    undo: script({ write: sh`printf undone >${path}` }),
  })),
  flagChanging('raced_flag', ({ path, value }) => ({
    // The first look is always stale: somebody has been there in between.
    guard: script({
      guard: sh`[ -e ${`${path}.raced`} ] || { touch ${`${path}.raced`}; printf raced >${path}; exit 75; }`,
    }),
    apply: script({ write: sh`printf %s ${value} >${path}` }),
  })),
  flagWith('blind_flag', {
    look: ({ path }) => flagLook(sh`[ "$(cat ${path})" != b ] || exit 13; cat ${path}`),
  }),
  flagWith('hanging_flag', {
    look: ({ path }) => flagLook(sh`[ "$(cat ${path})" != c ] || sleep 60; cat ${path}`),
  }),
];

const names = ['one', 'two', 'three'];
// Most of it is as it should be, most of the time: look-ahead goes far then.
const value = fc.constantFrom('a', 'a', 'a', 'a', '{{ word }}', '{{ word }}', '{{ facts_set }}', 'b', 'c');
const at = fc.constantFrom(...names);
const condition = fc.constantFrom(
  'r0.changed',
  '!r1.changed',
  'word == "a"',
  'has(r2.value) && r2.value == "b"',
  'facts_set == "a"',
);
const settings = fc.record(
  {
    register: fc.constantFrom('r0', 'r1', 'r2'),
    when: condition,
    notify: fc.constantFrom('first', 'second'),
    ignore_errors: fc.constant(true),
    delegate_to: fc.constantFrom('twin', 'h1'),
    become: fc.constant(true),
  },
  { requiredKeys: [] },
);

/** A task's argument map is made late, when the folder is known: `place` is the name of a flag. */
const flagTask = fc
  .tuple(
    fc.constantFrom(
      'flag',
      'flag',
      'flag',
      'flag',
      'late_flag',
      'broken_flag',
      'undone_flag',
      'raced_flag',
      'blind_flag',
    ),
    at,
    value,
    settings,
  )
  .map(([module, place, word, more]): Tree => ({ [module]: { path: `FOLDER/${place}`, value: word }, ...more }));
const loopTask = fc
  .tuple(
    fc.subarray(names, { minLength: 1 }),
    value,
    settings,
    fc.constantFrom({}, { pause: 0.01 }, { break_when: 'result.changed' }),
  )
  .map(
    ([loop, word, more, control]): Tree => ({
      flag: { path: 'FOLDER/{{ item }}', value: word },
      ...{ loop, loop_control: control, ...more },
    }),
  );
const commandTask = fc
  .tuple(
    at,
    at,
    fc.constantFrom({}, { reads: true }, { creates: 'FOLDER/made' }, { only_if: '[ "$(cat FOLDER/two)" = a ]' }),
    settings,
  )
  .map(
    ([from, to, extra, more]): Tree => ({
      shell: {
        cmd: 'reads' in extra ? `cat FOLDER/${from}` : `cat FOLDER/${from} >FOLDER/${to}; touch FOLDER/made`,
        ...extra,
      },
      ...more,
    }),
  );
const otherTask = fc.oneof(
  fc.constantFrom('a', 'b').map((word): Tree => ({ set_fact: { facts_set: word } })),
  // Something outside changes while the run waits: see `outside`.
  at.map((place): Tree => ({ name: `outside ${place}`, pause: { seconds: 0 } })),
  fc.tuple(at, value).map(
    ([place, word]): Tree => ({
      flag: { path: `FOLDER/${place}`, value: word },
      ...{ register: 'r2', until: 'result.changed == false', retries: 2, delay: 0 },
    }),
  ),
  fc.constant<Tree>({ meta: 'flush_handlers' }),
);
const task = fc.oneof(
  { weight: 5, arbitrary: flagTask },
  { weight: 1, arbitrary: loopTask },
  { weight: 2, arbitrary: commandTask },
  { weight: 2, arbitrary: otherTask },
);
const step = fc.oneof(
  { weight: 6, arbitrary: task },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.array(task, { minLength: 1, maxLength: 3 }),
        fc.array(task, { maxLength: 2 }),
        fc.array(task, { maxLength: 2 }),
      )
      .map(
        ([block, rescue, always]): Tree => ({
          block,
          ...(rescue.length > 0 && { rescue }),
          ...(always.length > 0 && { always }),
        }),
      ),
  },
);
const playbook = fc.record({
  steps: fc.array(step, { minLength: 2, maxLength: 10 }),
  handlers: fc.tuple(at, at),
  strategy: fc.constantFrom('free', 'linear'),
  start: fc.array(fc.constantFrom('a', 'a', 'a', 'b', 'c'), { minLength: 3, maxLength: 3 }),
});

const registers = names.map(
  (name, index): Tree => ({ flag: { path: `FOLDER/${name}`, value: 'a' }, register: `r${index}` }),
);

type Drawn = typeof playbook extends fc.Arbitrary<infer T> ? T : never;

describe('look-ahead', function () {
  this.timeout(300_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-ahead-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs it from the same beginning; what came of it, but for times and round trips. */
  async function outcome(drawn: Drawn, lookAhead: number) {
    const work = join(folder, 'work');
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work);
    for (const [index, name] of names.entries()) writeFileSync(join(work, name), drawn.start[index]!);
    const handlers = ['first', 'second'].map((name, index) => ({
      name,
      flag: { path: `FOLDER/${drawn.handlers[index]}`, value: `${name}` },
    }));
    const text = JSON.stringify([
      {
        hosts: 'h1',
        strategy: drawn.strategy,
        vars: { word: 'a', facts_set: 'a' },
        become_method: 'su',
        tasks: [...registers, ...drawn.steps],
        handlers,
      },
    ]).replaceAll('FOLDER', work);
    const run = await play(text, {
      ...{ modules, inventory: ['h1,twin'], lookAhead },
      onEvent: event => outside(event, work),
    });
    const left = Object.fromEntries(
      readdirSync(work)
        .toSorted()
        .map(name => [name, readFileSync(join(work, name), 'utf8')]),
    );
    return { events: run.events.map(withoutTimes), left };
  }

  it('looks again at each attempt, and in each play', async () => {
    const late = join(folder, 'late');
    const first = { flag: { path: join(folder, 'first'), value: 'a' } };
    writeFileSync(join(folder, 'first'), 'a');
    const attempt = {
      name: 'wait',
      flag: { path: late, value: 'b' },
      check_mode: true,
      register: 'r',
      ...{ until: 'r.changed == false', retries: 1, delay: 1 },
    };
    for (const lookAhead of [0, 64]) {
      writeFileSync(late, 'a');
      const text = JSON.stringify([
        { hosts: 'h1', tasks: [attempt, { name: 'again', flag: { path: late, value: 'b' } }] },
        {
          hosts: 'h1',
          tasks: [{ block: [first, { fail: {} }, { flag: { path: late, value: 'c' } }], rescue: [{ debug: {} }] }],
        },
        { hosts: 'h2', tasks: [{ name: 'rest', pause: { seconds: 0 } }] },
        { hosts: 'h1', tasks: [{ name: 'last', flag: { path: late, value: 'c' } }] },
      ]);
      const run = await play(text, {
        ...{ modules, inventory: ['h1,h2'], lookAhead },
        onEvent: event => {
          if (event.type === 'task.retrying') writeFileSync(late, 'b');
          if (event.type === 'task.started' && event.task.name === 'rest') writeFileSync(late, 'c');
        },
      });
      assert.deepEqual(
        ['wait', 'again', 'last'].map(name => run.result(name).status),
        ['ok', 'ok', 'ok'],
        String(lookAhead),
      );
    }
  });

  it('does not read a large file before it must', async () => {
    const large = join(folder, 'large');
    writeFileSync(large, '');
    truncateSync(large, 2 ** 40);
    const run = await play(
      JSON.stringify([
        {
          hosts: 'h1',
          tasks: [
            { flag: { path: join(folder, 'made'), value: 'a' } },
            { name: 'end', fail: {} },
            { copy: { src: large, dest: join(folder, 'never') } },
          ],
        },
      ]),
      { modules, check: true },
    );
    assert.equal(run.result('end').status, 'failed');
  });

  it('does not take what was seen before a change showed', async () => {
    const steps = [
      { late_flag: { path: 'FOLDER/one', value: 'b' } },
      // Another question to the same file.
      { flag: { path: 'FOLDER/./one', value: 'b' } },
    ];
    const drawn: Drawn = { steps, handlers: ['two', 'three'], strategy: 'free', start: ['a', 'a', 'a'] };
    assert.deepEqual(await outcome(drawn, 64), await outcome(drawn, 0));
  });

  it('changes nothing but times and round trips: whatever is played, on and off and with any window', async () => {
    await fc.assert(
      fc.asyncProperty(playbook, fc.constantFrom(1, 2, 3, 5, 64), async (drawn, window) => {
        let expected: Awaited<ReturnType<typeof outcome>>;
        try {
          expected = await outcome(drawn, 0);
        } catch {
          // It was refused before the run: a register that is not there, say.
          fc.pre(false);
          return;
        }
        assert.deepEqual(await outcome(drawn, window), expected);
      }),
      { numRuns: 40, ...(process.env.SEED && { seed: Number(process.env.SEED) }) },
    );
  });
});

/** While a run pauses, somebody else writes. */
function outside(event: NumberedEvent, work: string): void {
  if (event.type !== 'task.started' || event.task.module !== 'pause') return;
  writeFileSync(join(work, event.task.name.split(' ')[1]!), 'outside');
}

function withoutTimes(event: NumberedEvent): unknown {
  const { time: _, seconds: __, roundTrips: ___, ...rest } = event as unknown as Record<string, unknown>;
  // Whether a process that ends is seen depends on when it ends.
  return JSON.parse(JSON.stringify(rest).replace(/; process \d+ that it left behind [^"]*/g, ''));
}
