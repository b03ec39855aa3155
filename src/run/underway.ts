import type { RunEvent, TaskName } from '../events/event.ts';
import type { EventStream } from '../events/stream.ts';

/** What each host is doing, as its events tell. */
export interface Underway {
  /** Hosts that have not come to their end, each with its task and where that is written. */
  readonly waits: () => readonly string[];
  /** Notes what is told, then tells it on. */
  readonly events: EventStream;
}

/** Begins to watch the events of a run. */
export function watchUnderway(events: EventStream): Underway {
  const tasks = new Map<string, TaskName>();
  function emit(event: RunEvent): void {
    if (event.type === 'task.started') tasks.set(event.host, event.task);
    if (event.type === 'task.finished') tasks.delete(event.host);
    events.emit(event);
  }
  const waits = () => [...tasks].map(([host, { name, at }]) => `${host} in task "${name}" (${at})`);
  return { waits, events: { emit } };
}
