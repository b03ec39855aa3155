import type { NumberedEvent, TaskName, TaskStatus } from '../events/event.ts';
import { count, taskTitle } from './format.ts';
import { printable } from './printable.ts';

/** Tasks and hosts that the live view names. */
const [taskRows, slowHosts] = [3, 5];
const order: readonly TaskStatus[] = ['ok', 'changed', 'skipped', 'failed', 'unreachable', 'unknown', 'lost'];

interface Row {
  readonly task: TaskName;
  readonly done: Set<string>;
  running: number;
}

/** A play as it stands, from what its events have told. */
export interface PlayView {
  readonly name: string;
  readonly hosts: readonly string[];
  /** Milliseconds since 1970. */
  readonly began: number;
  /** The hosts of the batch that is under way; of a play without batches all. */
  batch: readonly string[];
  /** Hosts that go no further. */
  readonly out: Set<string>;
  readonly rows: Map<string, Row>;
  readonly running: Map<string, { readonly task: TaskName; readonly since: number }>;
  readonly counts: Map<TaskStatus, number>;
}

/** A play that begins. */
export function openView({ play, hosts, time }: Extract<NumberedEvent, { type: 'play.started' }>): PlayView {
  return {
    ...{ name: play, hosts, batch: hosts, began: Date.parse(time) },
    ...{ out: new Set(), rows: new Map(), running: new Map(), counts: new Map() },
  };
}

/** Takes in what an event tells of a play. */
export function updateView(view: PlayView, event: NumberedEvent): void {
  if (event.type === 'batch.started') view.batch = event.hosts;
  if (event.type === 'host.failed' || event.type === 'host.unreachable' || event.type === 'host.stopped')
    view.out.add(event.host);
  if (event.type === 'task.rescued') view.out.delete(event.host);
  if (event.type === 'task.started') {
    rowOf(view, event.task).running += 1;
    view.running.set(event.host, { task: event.task, since: Date.parse(event.time) });
  }
  if (event.type === 'task.finished') {
    const row = rowOf(view, event.task);
    row.running = Math.max(0, row.running - 1);
    row.done.add(event.host);
    view.running.delete(event.host);
    const { status, ignored } = event.result;
    view.counts.set(status, (view.counts.get(status) ?? 0) + 1);
    if (status === 'failed' && !ignored) view.out.add(event.host);
  }
}

/** Whether no other host of the batch will come to this task: each has, or goes no further. */
export function isThrough({ rows, batch, out }: PlayView, { id }: TaskName): boolean {
  const row = rows.get(id);
  if (!row || row.running > 0) return false;
  return batch.every(host => row.done.has(host) || out.has(host));
}

/** Whether something went wrong that counts: a host goes no further, or what it has come to is not known. */
export function hasTrouble({ out, counts }: PlayView): boolean {
  return out.size > 0 || counts.has('lost');
}

/** How it stands: `Tune (100 hosts)  12 s  ok 202 · changed 71 · failed 2`. */
export function titleOf({ name, hosts, began, counts }: PlayView, now: number, check: boolean): string {
  const words = order.flatMap(status => {
    const word = check && status === 'changed' ? 'would change' : status;
    return counts.has(status) ? [`${word} ${counts.get(status)}`] : [];
  });
  return [`${printable(name)} (${count(hosts.length, 'host')})`, secondsText(now - began), words.join(' · ')]
    .filter(text => text !== '')
    .join('  ');
}

/** The lines below the title: the tasks at work, and the hosts that have been at theirs for longest. */
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
  return [...shown, ...(names.length > 0 ? [`  longest: ${names.join(' · ')}`] : [])];
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
