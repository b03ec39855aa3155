import type { Leaves, TaskName, TaskResult } from '../../events/event.ts';

/** What a recorded run has of a task that it carried out on a host. */
export interface RecordedTask {
  readonly task: TaskName;
  readonly result: TaskResult;
  readonly leaves: Leaves;
  /** Seconds that it took. */
  readonly seconds: number;
  /** The number of its event. */
  readonly seq: number;
}

/** What a recorded run has of a host, for a run that continues it; places are those of events. */
export interface RecordedHost {
  /** What need not run again, by place. */
  readonly tasks: ReadonlyMap<string, RecordedTask>;
  /** Items that went well of a loop that failed or did not come to its end, by place and number. */
  readonly items: ReadonlyMap<string, ReadonlyMap<number, TaskResult>>;
  /** Tasks that went well and run again: what they leave is secret, and not recorded. */
  readonly secret: ReadonlySet<string>;
  /** Tasks that ran after a failure which nothing rescued: they run again. */
  readonly afterFailure: readonly string[];
  /** Facts, in the order in which they were gathered; `seq` is the number of the event. */
  readonly facts: readonly { readonly seq: number; readonly facts: Readonly<Record<string, unknown>> }[];
  /**
   * The change that was sent and has no end; `isProven` where a look can tell if it was made. The
   * host was in this boot then, and these fields of the result were known.
   */
  readonly inFlight?: {
    readonly place: string;
    readonly isProven: boolean;
    readonly boot?: string;
    readonly fields?: Readonly<Record<string, unknown>>;
  };
  /** Ids of handlers that the run left when it ended. */
  readonly owed: ReadonlySet<string>;
  readonly boot?: string;
}

/** A recorded run, for one that continues it. */
export interface Recorded {
  readonly run: string;
  readonly hosts: ReadonlyMap<string, RecordedHost>;
  /** Whether what may have run is to run again. */
  readonly repeat: boolean;
}
