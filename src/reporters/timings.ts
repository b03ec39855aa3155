import type { NumberedEvent } from '../events/event.ts';
import { taskTitle } from './format.ts';
import { isTakenOver } from './outcome.ts';
import { printable } from './printable.ts';
import type { Reporter } from './reporter.ts';
import { padTo, widthOf } from './text-width.ts';

/** Tasks that are listed; the rest is counted. */
const shownTasks = 20;

interface Time {
  readonly name: string;
  /** Seconds of all hosts together, of the slowest, and which that is. */
  total: number;
  longest: number;
  host: string;
  readonly hosts: Set<string>;
}

/**
 * A reporter that says at the end how long tasks and roles took: all hosts together, and the host
 * that took longest.
 * @param write takes text for people
 */
export function withTimings({ read, close, ...more }: Reporter, write: (text: string) => void): Reporter {
  const tasks = new Map<string, Time>();
  const roles = new Map<string, Time>();
  function note(event: NumberedEvent): void {
    if (event.type === 'task.finished' && !isTakenOver(event)) {
      const { task, host, seconds } = event;
      add(timeOf(tasks, task.id, taskTitle(task)), host, seconds);
      if (task.role !== undefined) add(timeOf(roles, task.role, printable(task.role)), host, seconds);
    }
    if (event.type === 'run.finished') write(timingsText([...tasks.values()], [...roles.values()]));
  }
  return {
    ...more,
    close,
    read: event => {
      read(event);
      note(event);
    },
  };
}

function timeOf(times: Map<string, Time>, key: string, name: string): Time {
  const known = times.get(key);
  if (known) return known;
  const time: Time = { name, total: 0, longest: 0, host: '', hosts: new Set() };
  times.set(key, time);
  return time;
}

function add(time: Time, host: string, seconds: number): void {
  time.total += seconds;
  time.hosts.add(host);
  if (seconds < time.longest) return;
  time.longest = seconds;
  time.host = host;
}

function timingsText(tasks: readonly Time[], roles: readonly Time[]): string {
  const lines = [...tableOf('TASKS', tasks), ...tableOf('ROLES', roles)];
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** The slowest first, by the seconds of all hosts together. */
function tableOf(title: string, times: readonly Time[]): readonly string[] {
  if (times.length === 0) return [];
  const shown = times.toSorted((one, other) => other.total - one.total).slice(0, shownTasks);
  const width = Math.max(...shown.map(({ name }) => widthOf(name)));
  const rows = shown.map(({ name, total, longest, host, hosts }) => {
    const slowest = hosts.size > 1 ? `  longest ${longest.toFixed(1)} s on ${printable(host)}` : '';
    return `  ${padTo(width, name)}  ${total.toFixed(1).padStart(8)} s${slowest}`;
  });
  const left = times.length - shown.length;
  return [`${title} by time, all hosts together`, ...rows, ...(left > 0 ? [`  … and ${left} more`] : [])];
}
