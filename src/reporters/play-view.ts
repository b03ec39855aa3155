import type { Counts, NumberedEvent, TaskName } from '../events/event.ts';
import { emptyTally, reduceTally } from '../events/reduce.ts';
import { count, taskTitle } from './format.ts';
import { printable } from './printable.ts';

/** Tasks and hosts that the live view names. */
const [taskRows, slowHosts] = [3, 5];
const order = ['ok', 'changed', 'skipped', 'failed', 'unreachable', 'rescued', 'ignored', 'unknown', 'lost'] as const;

interface Row {
  readonly task: TaskName;
  readonly done: Set<string>;
  running: number;
}

interface Running {
  readonly task: TaskName;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** The last line that it printed. */
  readonly printed?: string;
}

/** A play as it stands, from what its events have told. */
export interface PlayView {
  readonly name: string;
  readonly hosts: readonly string[];
  /** Milliseconds since 1970. */
  readonly began: number;
  /** Tasks of each host, as far as they are known beforehand. */
  readonly tasks: number;
  /** Tasks that each host has done. */
  readonly done: Map<string, number>;
  /** The hosts of the batch that is under way; of a play without batches all. */
  batch: readonly string[];
  /** Hosts that go no further. */
  readonly out: Set<string>;
  readonly rows: Map<string, Row>;
  readonly running: Map<string, Running>;
  /** Of all hosts together, as the recap counts them for each. */
  counts: Counts;
}

/** A play that begins. */
export function openView({ play, hosts, tasks, time }: Extract<NumberedEvent, { type: 'play.started' }>): PlayView {
  return {
    name: play,
    hosts,
    batch: hosts,
    began: Date.parse(time),
    tasks,
    done: new Map(),
    out: new Set(),
    rows: new Map(),
    running: new Map(),
    counts: emptyTally.counts,
  };
}

/** Takes in what an event tells of a play. */
export function updateView(view: PlayView, event: NumberedEvent): void {
  if (event.type !== 'host.finished') view.counts = reduceTally({ ...emptyTally, counts: view.counts }, event).counts;
  if (event.type === 'batch.started') view.batch = event.hosts;
  if (event.type === 'host.failed' || event.type === 'host.unreachable' || event.type === 'host.stopped')
    view.out.add(event.host);
  if (event.type === 'task.rescued') view.out.delete(event.host);
  if (event.type === 'task.started') {
    rowOf(view, event.task).running += 1;
    view.running.set(event.host, { task: event.task, since: Date.parse(event.time) });
  }
  if (event.type === 'task.output') {
    const running = view.running.get(event.host);
    const printed = event.text.split('\n').findLast(line => line.trim() !== '');
    if (running && printed !== undefined) view.running.set(event.host, { ...running, printed });
  }
  if (event.type === 'task.finished') {
    const row = rowOf(view, event.task);
    row.running = Math.max(0, row.running - 1);
    row.done.add(event.host);
    view.running.delete(event.host);
    view.done.set(event.host, (view.done.get(event.host) ?? 0) + 1);
    const { status, ignored } = event.result;
    if (status === 'failed' && !ignored) view.out.add(event.host);
  }
}

/** Whether no other host of the batch will come to this task: each has, or goes no further. */
export function isThrough({ rows, batch, out }: PlayView, { id }: TaskName): boolean {
  const row = rows.get(id);
  if (!row || row.running > 0) return false;
  return batch.every(host => row.done.has(host) || out.has(host));
}

/**
 * Whether something went wrong that counts: a host goes no further, or what it has come to is not
 * known.
 */
export function hasTrouble({ out, counts }: PlayView): boolean {
  return out.size > 0 || counts.lost > 0;
}

/** How it stands: `Tune (100 hosts)  12 s  ok 273 · changed 71 · failed 2`. */
export function titleOf({ name, hosts, began, counts }: PlayView, now: number, check: boolean): string {
  const words = order.flatMap(status => {
    const word = check && status === 'changed' ? 'would change' : status;
    return counts[status] > 0 ? [`${word} ${counts[status]}`] : [];
  });
  return [`${printable(name)} (${count(hosts.length, 'host')})`, secondsText(now - began), words.join(' · ')]
    .filter(text => text !== '')
    .join('  ');
}

/** Milliseconds and the share of all tasks after which there is something to judge the rest by. */
const [leastTime, leastShare] = [10_000, 0.1];

/**
 * About how long the play will take yet, if its tasks take as long as those that are done: `about 3
 * min left`.
 */
export function timeLeft({ hosts, tasks, done, out, began }: PlayView, now: number): string {
  const finished = sum([...done.values()]);
  const open = sum(hosts.filter(host => !out.has(host)).map(host => Math.max(0, tasks - (done.get(host) ?? 0))));
  if (now - began < leastTime || finished < leastShare * hosts.length * tasks || open === 0) return '';
  return `about ${aboutText(((now - began) * open) / finished)} left`;
}

/**
 * The lines below the title: the tasks at work, and the hosts that have been at theirs for longest.
 */
export function workOf(view: PlayView, now: number): readonly string[] {
  const rows = [...view.rows.values()].filter(({ running }) => running > 0);
  const shown = rows.slice(0, taskRows).map(({ task, done, running }) => {
    const isOne = view.batch.length === 1;
    const how = isOne ? '' : `  ${done.size} of ${view.batch.length} · running ${running}`;
    return `  ${taskTitle(task)}${how}`;
  });
  const slow = [...view.running].toSorted(([, one], [, other]) => one.since - other.since).slice(0, slowHosts);
  const names = slow.map(([host, { task, since }]) => {
    const which = rows.length > 1 ? ` (${taskTitle(task)})` : '';
    return `${printable(host)} ${secondsText(now - since)}${which}`;
  });
  const longest = names.length > 0 ? [`  longest: ${names.join(' · ')}`] : [];
  const talking = slow.find(([, { printed }]) => printed !== undefined);
  const printed = talking ? [`  ${printable(talking[0])} | ${printable(talking[1].printed ?? '')}`] : [];
  return [...shown, ...longest, ...printed];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}

/** A time that is not known exactly: `40 s`, `3 min`, `1 h 05 min`. */
function aboutText(milliseconds: number): string {
  if (milliseconds < 60_000) return `${Math.ceil(milliseconds / 10_000) * 10} s`;
  const minutes = Math.ceil(milliseconds / 60_000);
  return minutes < 60 ? `${minutes} min` : secondsText(minutes * 60_000);
}

/** A time as people read it: `7 s`, `2 min 05 s`, `1 h 03 min`. */
export function secondsText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (number: number) => String(number).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

function rowOf({ rows }: PlayView, task: TaskName): Row {
  const known = rows.get(task.id);
  if (known) return known;
  const row: Row = { task, done: new Set(), running: 0 };
  rows.set(task.id, row);
  return row;
}
