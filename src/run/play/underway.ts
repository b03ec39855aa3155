import type { RunEvent, TaskName } from '../../events/event.ts';
import type { EventStream } from '../../events/stream.ts';
import { secondsSince } from '../../timers.ts';
import { result } from '../result/results.ts';

/** A task that a host has begun and not ended. */
interface Begun {
  readonly host: string;
  readonly task: TaskName;
  readonly place: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** What each host is doing, as its events tell. */
export interface Underway {
  /** The tasks that hosts have begun and not ended. */
  readonly tasks: () => readonly Begun[];
  /** Notes what is told, then tells it on. */
  readonly events: EventStream;
}

/** Begins to watch the events of a run. */
export function watchUnderway(events: EventStream): Underway {
  const tasks = new Map<string, Begun>();
  function emit(event: RunEvent): void {
    if (event.type === 'task.started') {
      const { host, task, place } = event;
      tasks.set(host, { host, task, place, since: performance.now() });
    }
    if (event.type === 'task.finished') tasks.delete(event.host);
    events.emit(event);
  }
  return { tasks: () => [...tasks.values()], events: { emit, kept: events.kept } };
}

/** They as people read it: `hv1 in task "Wait" (site.yml:7)`. */
export function underwayText(tasks: readonly Begun[]): string {
  return tasks.map(({ host, task: { name, at } }) => `${host} in task "${name}" (${at})`).join('; ');
}

/**
 * Ends the tasks that are under way in a run that is ended at once: their outcome is not known.
 * @param isReached whether anything was ever sent to a host
 */
export function loseTasks({ tasks, events }: Underway, isReached: (host: string) => boolean): void {
  for (const { host, task, place, since } of tasks()) {
    const came = isReached(host) ? lost : notReached;
    const seconds = secondsSince(since);
    events.emit({ type: 'task.finished', host, task, place, result: came, seconds });
  }
}

const lost = result('lost', 'the run was ended before the result came; the task may still be at work', {
  hint: 'Look at the host before you run again.',
});
const notReached = result('unreachable', 'the run was ended before the host was reached');
