import { createSemaphore, type Semaphore } from '../../connections/semaphore.ts';
import type { HazardNotice } from '../../decision.ts';
import type { TaskResult } from '../../events/event.ts';
import { result } from '../result/results.ts';

/** Keeps hosts from being down at the same time, over the whole run. */
export interface DownLock {
  /**
   * Does the work; if it takes the host or a guest down, alone (or with `max_down` others), and not
   * at all once such work has failed.
   */
  readonly during: (
    hazards: readonly HazardNotice[],
    host: string,
    work: () => Promise<TaskResult | 'guard'>,
  ) => Promise<TaskResult | 'guard'>;
}

/** Locks for the plays of a run, each for hosts of which `maxDown` may be down at once. */
export function createDownLocks(): (maxDown: number) => DownLock {
  // No play takes another host down once one did not come back.
  const memory: { failedHost?: string } = {};
  return maxDown => createDownLock(createSemaphore(maxDown), memory);
}

function createDownLock(places: Semaphore, memory: { failedHost?: string }): DownLock {
  async function during(
    hazards: readonly HazardNotice[],
    host: string,
    work: () => Promise<TaskResult | 'guard'>,
  ): Promise<TaskResult | 'guard'> {
    if (!hazards.some(({ hazard }) => hazard === 'reboot' || hazard === 'guest-restart')) return work();
    return places.run(async () => {
      if (memory.failedHost !== undefined) {
        return result('failed', `not done, because ${memory.failedHost} did not come back as it should`, {
          hint: `Repair ${memory.failedHost} first, then run again.`,
        });
      }
      try {
        const outcome = await work();
        if (outcome !== 'guard' && outcome.status !== 'changed') memory.failedHost = host;
        return outcome;
      } catch (error) {
        memory.failedHost = host;
        throw error;
      }
    });
  }
  return { during };
}
