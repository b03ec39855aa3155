import { setTimeout } from 'node:timers/promises';
import { milliseconds } from '../../timers.ts';

/** Waits for so many seconds, or until the run is stopped (Ctrl-C). */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds(seconds), undefined, { signal }).catch(() => undefined);
}
