import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { NumberedEvent } from '../../src/events/event.ts';
import { type EngineRun, play, temporaryFolder } from './engine.ts';
import { flagWith } from './flag-module.ts';
import { recordOf } from './record.ts';

const { path } = temporaryFolder();
const modules = [flagWith('flag')];
const hosts = ['h1', 'h2', 'h3'];

type Step =
  | { kind: 'flag'; file: number; value: string; notifies: boolean; loops: boolean; once: boolean; registers: boolean }
  | { kind: 'fact'; value: string }
  | { kind: 'use'; file: number }
  | { kind: 'assert'; fails: string[]; ignores: boolean }
  | { kind: 'flush' }
  | { kind: 'rounds'; steps: Step[] }
  | { kind: 'block'; parts: [Step[], Step[], Step[]] };

const file = fc.integer({ min: 0, max: 3 });
const value = fc.constantFrom('a', 'b');
const { steps } = fc.letrec<{ step: Step; steps: Step[] }>(tie => ({
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('flag' as const),
      file,
      value,
      notifies: fc.boolean(),
      loops: fc.boolean(),
      once: fc.boolean(),
      registers: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('fact' as const), value }),
    fc.record({ kind: fc.constant('use' as const), file }),
    fc.record({ kind: fc.constant('assert' as const), fails: fc.subarray(hosts), ignores: fc.boolean() }),
    fc.constant({ kind: 'flush' as const }),
    fc.record({ kind: fc.constant('rounds' as const), steps: tie('steps') as fc.Arbitrary<Step[]> }),
    fc.record({
      kind: fc.constant('block' as const),
      parts: fc.tuple(tie('steps'), tie('steps'), tie('steps')) as fc.Arbitrary<[Step[], Step[], Step[]]>,
    }),
  ),
  steps: fc.array(tie('step'), { maxLength: 4 }) as fc.Arbitrary<Step[]>,
}));

const among = (names: string[]) => `inventory_hostname in [${names.map(host => `'${host}'`).join(', ')}]`;
const target = (name: string | number) => `{{ dir }}/{{ inventory_hostname }}-${name}`;

/** Steps as YAML's data. What a task writes depends on what came before, also over registers. */
function written(tree: Step[]): object[] {
  return tree.map(writtenStep);
}

function writtenStep(step: Step): object {
  switch (step.kind) {
    case 'flag':
      return {
        flag: { path: target(step.loops ? `${step.file}-{{ item }}` : step.file), value: step.value },
        ...(step.notifies && { notify: 'h' }),
        ...(step.loops && { loop: ['x', 'y'] }),
        ...(step.once && { run_once: true }),
        ...(step.registers && { register: 'seen' }),
      };
    case 'fact':
      return { set_fact: { known: `${step.value}{{ seen.changed }}` } };
    case 'use':
      return { flag: { path: target(step.file), value: '{{ known }}' }, register: 'seen' };
    case 'assert':
      return { assert: { that: `!(${among(step.fails)})` }, ignore_errors: step.ignores };
    case 'flush':
      return { meta: 'flush_handlers' };
    case 'rounds':
      return {
        loop: ['x', 'y'],
        loop_control: { loop_var: 'round' },
        block: [marked('{{ round }}'), ...written(step.steps)],
      };
    case 'block': {
      const [block, rescue, always] = step.parts.map(written) as [object[], object[], object[]];
      return { block: [marked('block'), ...block], rescue, always };
    }
  }
}

const marked = (word: string) => ({ flag: { path: target('mark'), value: word } });

interface Shape {
  readonly tree: Step[];
  readonly strategy: 'free' | 'linear';
  readonly serial: number;
}

function playbook({ tree, strategy, serial }: Shape): string {
  const handlers = [{ name: 'h', flag: { path: target('handled'), value: 'yes' } }];
  const vars = { seen: { changed: 'unset' }, known: 'nothing' };
  return stringify([
    { hosts: 'all', strategy, serial, vars, tasks: written(tree), handlers },
    { hosts: 'all', vars, tasks: [{ flag: { path: target('second'), value: '{{ known }}' } }] },
  ]);
}

/** What hosts have at the end. */
function stateOf(dir: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(dir)
      .toSorted()
      .map(name => [name, readFileSync(join(dir, name), 'utf8')]),
  );
}

function countsOf(run: EngineRun): object {
  return Object.fromEntries(hosts.map(host => [host, run.counts(host)]));
}

/**
 * The number of the event behind which a run is cut: one of all, or, with a share above 1, one of
 * those that announce a change. A run that came to its end has told which handlers it left: those
 * would run first.
 */
function cutAt(events: readonly NumberedEvent[], share: number): number {
  const last = events.findIndex(({ type }) => type === 'host.finished');
  const changes = events.filter(({ type }) => type === 'task.changing');
  const among = share > 1 && changes.length > 0 ? changes : events.slice(0, last);
  return among[Math.floor((share % 1) * among.length)]!.seq;
}

/** A run that is cut behind its event of this number: what would be sent after it is not. */
async function cutRun(text: string, dir: string, at: number): Promise<readonly NumberedEvent[]> {
  const kept: NumberedEvent[] = [];
  const cut = Promise.withResolvers<void>();
  const never = new Promise<void>(() => undefined);
  await play(text, {
    ...options(dir),
    cut: cut.promise,
    onEvent: event => {
      if (event.seq <= at) kept.push(event);
      else cut.resolve();
    },
    kept: () => (kept.length < at ? Promise.resolve() : never),
  });
  return kept;
}

function options(dir: string) {
  mkdirSync(dir, { recursive: true });
  return { modules, inventory: [hosts.join(',')], vars: { dir } };
}

describe('a run that is cut at any event, and resumed', () => {
  it('leaves the hosts and the counts of a run that was not cut', async function () {
    this.timeout(120_000);
    let round = 0;
    const shapes = fc.record({
      tree: steps,
      strategy: fc.constantFrom('free' as const, 'linear' as const),
      serial: fc.constantFrom(1, 2, 3),
    });
    await fc.assert(
      fc.asyncProperty(shapes, fc.double({ min: 0, max: 2, noNaN: true }), async (shape, share) => {
        round += 1;
        const text = playbook(shape);
        const whole = await play(text, options(path(`whole${round}`)));
        const at = cutAt(whole.events, share);
        const cut = await cutRun(text, path(`cut${round}`), at);
        const recorded = await recordOf(path(`state${round}`), cut);
        const resumed = await play(text, { ...options(path(`cut${round}`)), recorded });
        assert.deepEqual(stateOf(path(`cut${round}`)), stateOf(path(`whole${round}`)));
        assert.deepEqual(countsOf(resumed), countsOf(whole));
        assert.equal(resumed.exitCode, whole.exitCode);
      }),
      { numRuns: 25, interruptAfterTimeLimit: 40_000 },
    );
  });
});
