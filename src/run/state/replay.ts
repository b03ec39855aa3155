import type { TaskName, TaskResult } from '../../events/event.ts';
import { isSameTask } from './left-over.ts';
import type { Position } from './position.ts';
import type { Recorded, RecordedHost, RecordedTask } from './recorded.ts';

/** A change that a recorded run had begun when it was cut. */
export interface Begun {
  readonly run: string;
  /** The id of the boot that the host was in then. */
  readonly boot?: string | undefined;
  /** The fields of its result that were known then. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/** A host on its way through what a recorded run has already done on it. */
export interface Replay {
  readonly run: string;
  readonly boot: string | undefined;
  /** Handlers that the recorded run left, by id. */
  readonly owed: ReadonlySet<string>;
  /** The record of a task; undefined where it has to run. */
  readonly task: (place: string, name: TaskName) => RecordedTask | undefined;
  /** The host has taken over a record, at this position. */
  readonly taken: (record: RecordedTask, at: Position) => void;
  /** The result of an item of a loop whose task has no record. */
  readonly item: (place: string, index: number) => TaskResult | undefined;
  /** Whether a task may have run already, which no look can tell, and must not run again. */
  readonly mayHaveRun: (place: string) => boolean;
  /**
   * The change that a task is to make, where the recorded run was making it: where it is made, it
   * was that run. Told once.
   */
  readonly begun: (place: string) => Begun | undefined;
  /**
   * A host begins a block: where `always` ran after a failure, the whole block runs again, for it
   * may have undone what came before.
   */
  readonly enterBlock: (place: string) => void;
  /** The facts that were gathered next; undefined where they have to be gathered. */
  readonly nextFacts: () => Readonly<Record<string, unknown>> | undefined;
  /**
   * Notes that a host is at a task which runs. True for the first one for which that is not only
   * because its record is secret: here the recorded run had ended.
   */
  readonly ends: (place: string) => boolean;
  /** The position of the last task that was taken over. */
  readonly last: () => Position | undefined;
}

/** The replay of a host; undefined where the recorded run has nothing of it. */
export function replayOf(recorded: Recorded | undefined, host: string): Replay | undefined {
  const known = recorded?.hosts.get(host);
  return recorded && known ? createReplay(recorded, known) : undefined;
}

function createReplay({ run, repeat }: Recorded, host: RecordedHost): Replay {
  const tasks = new Map(host.tasks);
  const items = new Map(host.items);
  let seen = 0;
  let over = false;
  let isAsked = false;
  let last: Position | undefined;
  return {
    run,
    boot: host.boot,
    owed: host.owed,
    task: (place, name) => {
      const found = tasks.get(place);
      // Inputs that were changed may have put another task at a place.
      return found && isSameTask(found.task, name) ? found : undefined;
    },
    taken: ({ seq }, at) => {
      seen = seq;
      last = at;
    },
    item: (place, index) => items.get(place)?.get(index),
    mayHaveRun: place => !repeat && host.inFlight?.place === place && !host.inFlight.isProven,
    begun: place => {
      if (isAsked || host.inFlight?.place !== place) return undefined;
      isAsked = true;
      const { boot, fields } = host.inFlight;
      return { run, boot, fields };
    },
    enterBlock: place => {
      const isInside = (other: string) => other.startsWith(`${place}.`);
      if (!host.afterFailure.some(isInside)) return;
      for (const known of [tasks, items]) for (const other of known.keys()) if (isInside(other)) known.delete(other);
    },
    nextFacts: () => {
      const next = over ? undefined : host.facts.find(({ seq }) => seq > seen);
      if (next) seen = next.seq;
      return next?.facts;
    },
    ends: place => {
      if (over || host.secret.has(place)) return false;
      over = true;
      return true;
    },
    last: () => last,
  };
}
