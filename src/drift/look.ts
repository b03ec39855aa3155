import type { NumberedEvent, TaskName, TaskResult, TaskStatus } from '../events/event.ts';
import type { RunStart } from '../events/run-start.ts';
import type { EventReader } from '../events/stream.ts';
import { type Deviation, taskKey } from './deviation.ts';

/** What a run, in check mode or not, has seen of hosts. */
export interface Look {
  /** Absent before the run has begun. */
  readonly start?: RunStart;
  /** When it began: ISO 8601, UTC. */
  readonly time: string;
  /** What is not as stated; in a real run, what was not. */
  readonly deviations: readonly Deviation[];
  /** What check mode cannot tell. */
  readonly unknown: readonly Deviation[];
  /** How tasks ended, by {@link taskKey}. */
  readonly tasks: ReadonlyMap<string, TaskStatus>;
}

/** Reads the events of a run into a {@link Look}. */
export function watchLook(): { readonly read: EventReader; readonly look: () => Look } {
  let [start, time]: [RunStart | undefined, string] = [undefined, ''];
  const found = { changed: [] as Deviation[], unknown: [] as Deviation[] };
  const tasks = new Map<string, TaskStatus>();
  const looped = new Set<string>();

  function note(host: string, about: { readonly task: TaskName; readonly item?: string }, result: TaskResult): void {
    // What runs each time says nothing of the host.
    const status = result.undecided ? 'unknown' : result.status;
    // What a handler does follows from what notified it.
    if ((status === 'changed' || status === 'unknown') && !about.task.handler)
      found[status].push(...deviationsOf({ host, ...about }, result));
  }
  function read(event: NumberedEvent): void {
    switch (event.type) {
      case 'run.started': {
        const { seq: _, type: __, time: begun, masked: ___, ...about } = event;
        [start, time] = [about, begun];
        break;
      }
      case 'item.finished':
        looped.add(`${event.host} ${event.place}`);
        note(event.host, { task: event.task, item: event.item }, event.result);
        break;
      case 'task.finished': {
        const { host, task, result } = event;
        // A run that was resumed has told it before.
        if (event.from !== undefined) break;
        if (!looped.has(`${host} ${event.place}`)) note(host, { task }, result);
        const key = taskKey(host, task);
        tasks.set(key, stronger(tasks.get(key), result.status));
      }
    }
  }
  return { read, look: () => ({ ...(start && { start }), time, ...listsOf(found), tasks }) };
}

function listsOf(found: Readonly<Record<'changed' | 'unknown', readonly Deviation[]>>) {
  return { deviations: found.changed, unknown: found.unknown };
}

/** One for each subject, so that each can be accepted by itself. */
function deviationsOf(about: Omit<Deviation, 'message' | 'diff'>, { message, diff }: TaskResult): readonly Deviation[] {
  if (diff.length === 0) return [{ ...about, message, diff: [] }];
  return diff.map(each => ({ ...about, subject: each.subject, message, diff: [each] }));
}

/** Tasks of one name count as one, which has changed a host where any of them has. */
function stronger(before: TaskStatus | undefined, now: TaskStatus): TaskStatus {
  const order: readonly (TaskStatus | undefined)[] = ['changed', 'ok'];
  const rank = (status: TaskStatus | undefined) => (order.includes(status) ? order.indexOf(status) : order.length);
  return before !== undefined && rank(before) < rank(now) ? before : now;
}
