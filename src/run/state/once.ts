import type { TaskOutcome } from './outcome.ts';

/** The outcome of a task that ran on one host of a play for all of them. */
export interface OnceOutcome {
  /** The host that ran it. */
  readonly by: string;
  readonly outcome: TaskOutcome;
}

/** Tasks with `run_once`: each runs once a play, over all its batches. */
export interface Once {
  /** The host would run the task; all that will take part offer before one asks for the outcome. */
  readonly offer: (key: string, host: string, work: () => Promise<TaskOutcome>) => void;
  /** The one outcome; the first of these hosts that offered runs it. Undefined where none did. */
  readonly outcome: (key: string, hosts: readonly string[]) => Promise<OnceOutcome> | undefined;
}

/** Nothing has run yet. */
export function createOnce(): Once {
  const offers = new Map<string, Map<string, () => Promise<TaskOutcome>>>();
  const outcomes = new Map<string, Promise<OnceOutcome>>();

  function offer(key: string, host: string, work: () => Promise<TaskOutcome>): void {
    const works = offers.get(key) ?? new Map();
    offers.set(key, works.set(host, work));
  }
  function outcome(key: string, hosts: readonly string[]): Promise<OnceOutcome> | undefined {
    const known = outcomes.get(key);
    if (known) return known;
    const by = hosts.find(host => offers.get(key)?.has(host));
    const work = by === undefined ? undefined : offers.get(key)?.get(by);
    if (by === undefined || !work) return undefined;
    const begun = work().then(done => ({ by, outcome: done }));
    outcomes.set(key, begun);
    return begun;
  }
  return { offer, outcome };
}
