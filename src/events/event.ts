import type { Diff, Pending, Replaced } from './result.ts';
import type { RunStart } from './run-start.ts';

/**
 * How one task, or one item of its loop, ended on one host. `unknown`: check mode cannot tell what
 * a real run would do.
 */
export type TaskStatus = (typeof taskStatuses)[number];

/** Every {@link TaskStatus}. */
export const taskStatuses = ['ok', 'changed', 'skipped', 'failed', 'unknown', 'unreachable', 'lost'] as const;

/** What a task came to on a host. The same shape whatever its status. */
export interface TaskResult {
  readonly status: TaskStatus;
  /** A phrase for people: why nothing was done, what differed, what went wrong. */
  readonly message: string;
  /** What to do about it, for a failure. */
  readonly hint?: string;
  /**
   * True where something was altered, or was about to be: also with `failed`, once an apply had
   * begun.
   */
  readonly changed: boolean;
  readonly diff: readonly Diff[];
  readonly pending: readonly Pending[];
  /**
   * True where a task failed that settles conditions of one kind, and `pending` has all of that
   * kind that still stand.
   */
  readonly settled?: boolean;
  /** The module's own fields. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Check mode: no look can tell whether the change is needed. */
  readonly undecided?: true;
  /** True where `ignore_errors` or `ignore_unreachable` let the host go on. */
  readonly ignored?: boolean;
}

/** Names a task in every event about it. */
export interface TaskName {
  /** The same for all hosts of a play, unique within the run. */
  readonly id: string;
  readonly name: string;
  readonly module: string;
  readonly role?: string;
  readonly handler: boolean;
  /** `file:line`. */
  readonly at: string;
}

/**
 * What a task leaves to those after it, as far as its result does not say so and `no_log` does not
 * hide it. A task with a register, or that sets variables, always has this.
 */
export interface Leaves {
  /** What its register has, where that does not follow from the result. */
  readonly register?: unknown;
  /** The variables that it set. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The host that it was done on, where it was delegated to another. */
  readonly on?: string;
  /** Items of its loop were not begun. */
  readonly partial?: true;
}

/** Counts of one host's results. `ok` counts what went well, changed or not. */
export interface Counts {
  readonly ok: number;
  readonly changed: number;
  readonly unreachable: number;
  readonly failed: number;
  readonly skipped: number;
  readonly rescued: number;
  readonly ignored: number;
  readonly unknown: number;
  readonly lost: number;
  readonly pending: number;
}

/**
 * Everything that happens in a run, as a tagged union. The terminal, the reports and the exit code
 * are readers of it.
 */
export type RunEvent =
  | (RunStart & { readonly type: 'run.started' })
  | { readonly type: 'play.started'; readonly play: string; readonly hosts: readonly string[]; readonly tasks: number }
  | {
      readonly type: 'batch.started';
      readonly play: string;
      readonly hosts: readonly string[];
      /** Of a play with `serial`: its number, from 1, and how many there are. */
      readonly batch: number;
      readonly of: number;
    }
  | {
      /** What earlier runs have left to do on a host. */
      readonly type: 'host.owes';
      readonly host: string;
      /** The newest run that has left it. */
      readonly run: string;
      readonly owed: readonly TaskName[];
      /** Reboots that are due, if the host is still in this boot. */
      readonly due: readonly Pending[];
      readonly boot?: string;
    }
  | {
      /** Facts of a host were gathered. */
      readonly type: 'host.facts';
      readonly host: string;
      /** By the name of their group. */
      readonly facts: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'task.started'; readonly host: string; readonly task: TaskName; readonly place: string }
  | {
      /**
       * A task is about to change a host. A recorded run has this on disk before anything is sent.
       */
      readonly type: 'task.changing';
      readonly host: string;
      readonly task: TaskName;
      readonly place: string;
      /** The host that is changed, where the task is delegated to another. */
      readonly on?: string;
      /** Nothing but a person can tell whether it was done: a command without a condition. */
      readonly unproven?: true;
      /** The id of the boot that the host is in. */
      readonly boot?: string;
      /** Of a change that takes the host down: the result's own fields as far as they are known. */
      readonly fields?: Readonly<Record<string, unknown>>;
      /** What it takes the place of, unless `no_log` hides that. */
      readonly replaces?: readonly Replaced[];
      /** As whom it replaces that, where not as the one who logged in. */
      readonly become?: { readonly user: string; readonly method: string };
    }
  | {
      readonly type: 'item.finished';
      readonly host: string;
      readonly task: TaskName;
      readonly place: string;
      /** The number of the item, from 0. */
      readonly index: number;
      readonly item: string;
      readonly result: TaskResult;
      /** `no_log` hides what it was about. */
      readonly masked?: true;
    }
  | {
      readonly type: 'task.finished';
      readonly host: string;
      readonly task: TaskName;
      readonly place: string;
      readonly result: TaskResult;
      readonly seconds: number;
      readonly leaves?: Leaves;
      /** The handlers that it notified. */
      readonly notified?: readonly TaskName[];
      /** The run whose result this is: a run that was resumed takes it over. */
      readonly from?: string;
      /** `no_log` hides what it was about. */
      readonly masked?: true;
    }
  | {
      /** What a task that takes long prints, while it prints it; its result has all of it. */
      readonly type: 'task.output';
      readonly host: string;
      readonly task: TaskName;
      readonly stream: 'stdout' | 'stderr';
      /** Whole lines, without the last line feed. */
      readonly text: string;
      /** Lines before these that were too many to tell. */
      readonly dropped: number;
    }
  | {
      readonly type: 'task.retrying';
      readonly host: string;
      readonly task: TaskName;
      /** Attempts so far, and how many there may be. */
      readonly attempt: number;
      readonly of: number;
    }
  | {
      readonly type: 'task.rescued';
      readonly host: string;
      readonly task: TaskName;
      /**
       * Failures of this host that the block has counted; none where the failure was another
       * host's.
       */
      readonly failures: number;
    }
  | { readonly type: 'host.unreachable'; readonly host: string; readonly message: string; readonly hint?: string }
  | { readonly type: 'host.failed'; readonly host: string; readonly message: string }
  /** The host is well, and goes no further because of others. */
  | { readonly type: 'host.stopped'; readonly host: string; readonly reason: string }
  | {
      readonly type: 'host.finished';
      readonly host: string;
      readonly counts: Counts;
      readonly pending: readonly Pending[];
      /** Handlers that were notified and did not run. */
      readonly owed: readonly TaskName[];
      /** It has not gone through all of its plays. */
      readonly unfinished?: true;
      /** The id of the boot that it was last seen in; absent where it was not reached. */
      readonly boot?: string;
      readonly roundTrips: number;
    }
  | { readonly type: 'message'; readonly level: 'info' | 'warning'; readonly host?: string; readonly text: string }
  | {
      readonly type: 'run.finished';
      readonly exitCode: number;
      readonly seconds: number;
      readonly hosts: Readonly<Record<string, Counts>>;
    };

/** An event as it is told. */
export type NumberedEvent = RunEvent & {
  /** From 1, without gaps. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Secrets were taken out of it, or `no_log` hides what it was about. */
  readonly masked?: true;
};
