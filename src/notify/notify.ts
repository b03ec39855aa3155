import type { DriftReport } from '../drift/report.ts';
import { messageOf } from '../errors.ts';
import { entryOf } from '../journal/entry.ts';
import { sumUp } from '../journal/summary.ts';
import { deliver } from './deliver.ts';
import { messageText } from './message.ts';
import type { Receiver } from './receiver.ts';
import { turnedIn } from './transitions.ts';
import { dropMessage, keepMessage, keptMessage, waitingRuns } from './undelivered.ts';

/** Milliseconds that all deliveries after a run may take together. */
const limit = 10_000;

/** A recorded run that has ended. */
export interface Ended {
  readonly state: string;
  readonly run: string;
  /** What it has found, where it was to find what deviates. */
  readonly drift?: (() => Promise<DriftReport>) | undefined;
}

/**
 * Tells what has become of hosts in a run, in one message, and before that what could not be
 * delivered after earlier ones. What cannot be delivered now waits for the next run.
 * @returns why something was not delivered, for people; undefined if all was. It never throws: what
 * a run came to does not depend on who hears of it.
 */
export async function notify(ended: Ended, receiver: Receiver): Promise<string | undefined> {
  const { state, run } = ended;
  try {
    const summary = await sumUp(state, run);
    const text = messageText(summary, await turnedIn(state, entryOf(summary)), await ended.drift?.());
    if (text !== undefined) keepMessage(state, run, text);
    return await deliverAll(state, receiver);
  } catch (error) {
    return `Nothing was told of the run ${run}: ${messageOf(error)}`;
  }
}

/** Delivers the oldest first, and none before an older one: what came later must count. */
async function deliverAll(state: string, receiver: Receiver): Promise<string | undefined> {
  const signal = AbortSignal.timeout(limit);
  const refused: string[] = [];
  for (const run of waitingRuns(state)) {
    const text = keptMessage(state, run);
    if (text === undefined) continue;
    const failure = await deliver(receiver, text, signal);
    if (failure && !failure.isFinal)
      return [...refused, `${failure.why}: what is to be told waits for the next run`].join('; ');
    if (failure) refused.push(`${failure.why}: the message about the run ${run} is given up`);
    dropMessage(state, run);
  }
  return refused.length === 0 ? undefined : refused.join('; ');
}
