import { createSemaphore } from '../../connections/semaphore.ts';

/**
 * Places for hosts at work (`forks`): a host has one at most, and gives it up while it waits for
 * others.
 */
export interface Places {
  readonly enter: (host: string) => Promise<void>;
  readonly leave: (host: string) => void;
}

/** @param count hosts at work at once. */
export function createPlaces(count: number): Places {
  const semaphore = createSemaphore(count);
  const held = new Map<string, () => void>();
  return {
    enter: async host => {
      if (!held.has(host)) held.set(host, await semaphore.enter());
    },
    leave: host => {
      held.get(host)?.();
      held.delete(host);
    },
  };
}
