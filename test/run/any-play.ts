import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { EngineRun } from './engine.ts';
import { flagWith } from './flag-module.ts';

/** The hosts of any play. */
export const hosts = ['h1', 'h2', 'h3'];

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

/** How the files of tasks are named. */
interface Names {
  /** Tasks so far, where each has a file of its own; else tasks write each other's files. */
  readonly count: { tasks: number } | undefined;
  /** The variables of the loops around. */
  readonly rounds: readonly string[];
}

function fileOf(word: string | number, { count, rounds }: Names): string {
  if (!count) return target(word);
  count.tasks += 1;
  return target([word, count.tasks, ...rounds.map(round => `{{ ${round} }}`)].join('-'));
}

/** Steps as YAML's data. What a task writes depends on what came before, also over registers. */
function written(tree: Step[], names: Names): object[] {
  return tree.map(step => writtenStep(step, names));
}

function writtenStep(step: Step, names: Names): object {
  switch (step.kind) {
    case 'flag':
      return {
        flag: { path: fileOf(step.loops ? `${step.file}-{{ item }}` : step.file, names), value: step.value },
        ...(step.notifies && { notify: 'h' }),
        ...(step.loops && { loop: ['x', 'y'] }),
        ...(step.once && { run_once: true }),
        ...(step.registers && { register: 'seen' }),
      };
    case 'fact':
      return { set_fact: { known: `${step.value}{{ seen.changed }}` } };
    case 'use':
      return { flag: { path: fileOf(step.file, names), value: '{{ known }}' }, register: 'seen' };
    case 'assert':
      return { assert: { that: `!(${among(step.fails)})` }, ignore_errors: step.ignores };
    case 'flush':
      return { meta: 'flush_handlers' };
    case 'rounds': {
      const round = `round${names.rounds.length}`;
      const inner = { ...names, rounds: [...names.rounds, round] };
      return {
        loop: ['x', 'y'],
        loop_control: { loop_var: round },
        block: [marked(`{{ ${round} }}`, inner), ...written(step.steps, inner)],
      };
    }
    case 'block': {
      const [block, rescue, always] = step.parts.map(part => written(part, names)) as [object[], object[], object[]];
      return { block: [marked('block', names), ...block], rescue, always };
    }
  }
}

const marked = (word: string, names: Names) => ({ flag: { path: fileOf('mark', names), value: word } });

export interface Shape {
  readonly tree: Step[];
  readonly strategy: 'free' | 'linear';
  readonly serial: number;
}

/**
 * The text of a playbook of this shape.
 * @param isDistinct whether no task writes the file of another
 */
export function playbook({ tree, strategy, serial }: Shape, isDistinct = false): string {
  const names = { count: isDistinct ? { tasks: 0 } : undefined, rounds: [] };
  const handlers = [{ name: 'h', flag: { path: target('handled'), value: 'yes' } }];
  const vars = { seen: { changed: 'unset' }, known: 'nothing' };
  return stringify([
    { hosts: 'all', strategy, serial, vars, tasks: written(tree, names), handlers },
    { hosts: 'all', vars, tasks: [{ flag: { path: target('second'), value: '{{ known }}' } }] },
  ]);
}

/** What hosts have at the end. */
export function stateOf(dir: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(dir)
      .toSorted()
      .map(name => [name, readFileSync(join(dir, name), 'utf8')]),
  );
}

/** What a run counted, by host. */
export function countsOf(run: EngineRun): object {
  return Object.fromEntries(hosts.map(host => [host, run.counts(host)]));
}

/** What an engine needs for such a play; what it writes goes to a folder. */
export function options(dir: string) {
  mkdirSync(dir, { recursive: true });
  return { modules: [flagWith('flag')], inventory: [hosts.join(',')], vars: { dir } };
}

/** Any shape of a playbook. */
export const shapes: fc.Arbitrary<Shape> = fc.record({
  tree: steps,
  strategy: fc.constantFrom('free' as const, 'linear' as const),
  serial: fc.constantFrom(1, 2, 3),
});
