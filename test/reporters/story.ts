import type { NumberedEvent, RunEvent, TaskName, TaskResult } from '../../src/events/event.ts';
import { emptyCounts } from '../../src/events/reduce.ts';
import type { Reporter, TerminalOptions } from '../../src/reporters/reporter.ts';

/** When every story begins: milliseconds since 1970. */
export const start = Date.parse('2026-01-01T00:00:00Z');

/** An event at so many seconds from the start. */
export type Moment = readonly [seconds: number, event: RunEvent];

export function task(name: string, more: Partial<TaskName> = {}): TaskName {
  return { id: name, name, module: 'copy', handler: false, at: 'site.yml:7', ...more };
}

export function result(status: TaskResult['status'], message: string, more: Partial<TaskResult> = {}): TaskResult {
  return { status, message, changed: status === 'changed', diff: [], pending: [], fields: {}, ...more };
}

/** A task of a host from its start to its result. */
export function done(host: string, what: TaskName, came: TaskResult, [from, to]: readonly [number, number]): Moment[] {
  return [
    [from, { type: 'task.started', host, task: what, place: '0/0' }],
    [to, { type: 'task.finished', host, task: what, place: '0/0', result: came, seconds: to - from }],
  ];
}

/** How a run ends: what each host has come to. */
export function ends(seconds: number, hosts: Readonly<Record<string, Partial<typeof emptyCounts>>>): Moment[] {
  const finished = Object.entries(hosts).map(([host, counts]): Moment => {
    const all = { ...emptyCounts, ...counts };
    return [seconds, { type: 'host.finished', host, counts: all, pending: [], owed: [], roundTrips: 1 }];
  });
  return [...finished, [seconds, { type: 'run.finished', exitCode: 0, seconds, hosts: {} }]];
}

/** What a reporter writes when the events of a story come, in the order of their times. */
export async function tell(
  make: (options: TerminalOptions) => Reporter,
  story: readonly Moment[],
  more: Partial<TerminalOptions> = {},
): Promise<string> {
  let [text, now] = ['', start];
  const write = (part: string) => {
    text += part;
  };
  const plain = { colors: false, diff: false, verbosity: 0, check: false, columns: () => 80 };
  const { read, close } = make({ write, now: () => now, ...plain, ...more });
  for (const [at, [seconds, event]] of story.toSorted(([one], [other]) => one - other).entries()) {
    now = start + seconds * 1000;
    read({ ...event, seq: at + 1, time: new Date(now).toISOString() } as NumberedEvent);
  }
  await close();
  return text;
}
