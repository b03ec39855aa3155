import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Counts, NumberedEvent, TaskName, TaskResult } from '../../src/events/event.ts';
import type { Pending } from '../../src/events/result.ts';
import { execute } from './execute.ts';
import type { Lab } from './lab.ts';
import { whyNoAnswer } from './watch.ts';

/** A run of the program as its user sees it: the exit code, and what the events say. */
export type Run = {
  code: number;
  stderr: string;
  /** Names of tasks in the order in which they ended, an item of a loop as `task [item]`. */
  changed: string[];
  unknown: string[];
  /** The result of the only task of this name. */
  result: (task: string) => TaskResult;
  /** Results by item of the loop. */
  items: (task: string) => Record<string, TaskResult>;
  /** Of the only host. */
  counts: Counts;
  pending: readonly Pending[];
  events: NumberedEvent[];
};

const root = join(import.meta.dirname, '../..');

// An emulated host takes its time, the more so on a busy machine.
const patience = ['--task-timeout', '1800'];

/** Runs `bin/hostwright.js` against the lab as a process of its own. */
export async function hostwright(lab: Lab, command: string, ...more: string[]): Promise<Run> {
  return await hostwrightAgain(lab, command, ...more, '-i', lab.inventoryFile, ...patience);
}

/** Runs a command that finds its inventory and its options in what was recorded. */
export async function hostwrightAgain(lab: Lab, command: string, ...more: string[]): Promise<Run> {
  const { code, stderr, stdout } = await whenFree([command, ...more, '--output', 'jsonl']);
  const lines = stdout.split('\n').filter(line => line.startsWith('{'));
  const events = lines.map(line => JSON.parse(line) as NumberedEvent);
  const lost = events.some(event => event.type === 'host.unreachable');
  return view(code, lost ? `${stderr}${await whyNoAnswer(lab)}\n` : stderr, events);
}

/**
 * This machine is a host as well, and what is delegated to it waits for a test next to this one
 * that has it.
 */
async function whenFree(args: string[]): ReturnType<typeof cli> {
  for (let tries = 0; ; tries += 1) {
    const ended = await cli(args);
    if (tries >= 20 || !ended.stdout.includes('another run works on this host: root@')) return ended;
    await setTimeout(1000);
  }
}

/** Runs it with these arguments and nothing more. */
export async function cli(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { HOSTWRIGHT_LAB_DIR: _, ...env } = process.env;
  return await execute(process.execPath, [join(root, 'bin/hostwright.js'), ...args], {
    cwd: root,
    env,
    limit: 2_400_000,
  });
}

/** Runs a playbook of the repository, or one that is given as data. */
export async function play(lab: Lab, playbook: string | object[], ...more: string[]): Promise<Run> {
  if (typeof playbook === 'string') return await hostwright(lab, 'play', playbook, ...more);
  const file = join(lab.directory, 'playbook.yml');
  writeFileSync(file, JSON.stringify(playbook)); // YAML has all of JSON in it
  return await hostwright(lab, 'play', file, '--roles-path', join(root, 'roles'), ...more);
}

/** A playbook of one role. */
export function rolePlay(role: string, parameters: object): object[] {
  return [{ name: `The role ${role}`, hosts: 'hypervisors', roles: [{ role, ...parameters }] }];
}

/** A playbook of tasks. */
export function taskPlay(...tasks: object[]): object[] {
  return [{ name: 'Tasks', hosts: 'hypervisors', tasks }];
}

/**
 * Asserts that the run was refused by one task that changed nothing. Returns what it said, advice
 * and all.
 */
export function refusal(run: Run): string {
  const ended = run.events.filter(event => event.type === 'task.finished');
  const failed = ended.filter(event => event.result.status === 'failed');
  assert.equal(run.code, 2, `${explain(run)}\nexit code ${run.code}`);
  assert.equal(failed.length, 1, explain(run));
  assert.equal(failed[0]!.result.changed, false, `it has changed something: ${failed[0]!.result.message}`);
  const items = run.events.filter(event => event.type === 'item.finished' && event.result.status === 'failed');
  const results = [failed[0]!, ...items].map(event => ('result' in event ? event.result : undefined));
  return results.map(result => `${result?.message}\n${result?.hint ?? ''}`).join('\n');
}

/**
 * Asserts that the playbook was refused before any host was reached. Returns what was said about
 * it.
 */
export function mistake({ code, events, stderr }: Run): string {
  assert.equal(code, 5, stderr);
  assert.equal(events.length, 0, 'a run began');
  return stderr;
}

/** Asserts that the run ended well. */
export function fine(run: Run): Run {
  assert.equal(run.code, 0, explain(run));
  return run;
}

/** Asserts that the run found everything as it should be. */
export function converged(run: Run): Run {
  fine(run);
  assert.deepEqual(run.changed, [], `a second run changes something again\n${explain(run)}`);
  assert.equal(run.counts.changed, 0);
  return run;
}

/**
 * What a failing test shows about a run: what went wrong first, since a summary shows only some
 * lines.
 */
export function explain({ events, stderr }: Run): string {
  const rows = events.flatMap(event => {
    if (event.type === 'task.finished' || event.type === 'item.finished') {
      const line = `${keyOf(event)}: ${event.result.status}: ${event.result.message}`;
      return [{ wrong: event.result.status === 'failed', text: `${line}\n${event.result.hint ?? ''}` }];
    }
    if (event.type === 'host.unreachable') return [{ wrong: true, text: `${event.message}\n${event.hint ?? ''}` }];
    return 'message' in event ? [{ wrong: false, text: event.message }] : [];
  });
  const [wrong, others] = [rows.filter(row => row.wrong), rows.filter(row => !row.wrong)];
  return [...wrong.map(row => row.text), stderr, ...others.map(row => row.text)]
    .map(text => text.trim())
    .filter(text => text !== '')
    .join('\n');
}

function keyOf(event: { task: TaskName; item?: string }): string {
  return event.item === undefined ? event.task.name : `${event.task.name} [${event.item}]`;
}

function view(code: number, stderr: string, events: NumberedEvent[]): Run {
  const ended = events.filter(event => event.type === 'task.finished');
  const items = events.filter(event => event.type === 'item.finished');
  const looped = new Set(items.map(event => event.task.id));
  const all = events.filter(
    event => event.type === 'item.finished' || (event.type === 'task.finished' && !looped.has(event.task.id)),
  );
  const named = (status: string) =>
    all.flatMap(event =>
      ('item' in event || 'seconds' in event) && 'result' in event && event.result.status === status
        ? [keyOf(event)]
        : [],
    );
  const host = events.findLast(event => event.type === 'host.finished');
  return {
    ...{ code, stderr, events, changed: named('changed'), unknown: named('unknown') },
    result: task => {
      const found = ended.find(event => event.task.name === task)?.result;
      return (
        found ?? assert.fail(`no task "${task}" ran: ${ended.map(event => event.task.name).join(', ')}\n${stderr}`)
      );
    },
    items: task =>
      Object.fromEntries(items.filter(event => event.task.name === task).map(event => [event.item, event.result])),
    counts: host?.counts ?? assertionOf(code, stderr),
    pending: host?.pending ?? [],
  };
}

function assertionOf(code: number, stderr: string): Counts {
  // A run that never began has no counts; what reads them sees why.
  return new Proxy({} as Counts, { get: () => assert.fail(`the run did not begin: exit code ${code}\n${stderr}`) });
}
