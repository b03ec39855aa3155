import type { Connection } from './connection.ts';
import { createSemaphore } from './semaphore.ts';

/** OpenSSH allows 10 sessions a connection (MaxSessions); two are left for the user's own. */
const channelsAtOnce = 8;

/** Opens no more channels at once than a connection takes; the next one waits for one to close. */
export function limitChannels(open: Connection['start']): Connection['start'] {
  const channels = createSemaphore(channelsAtOnce);
  return async command => {
    const leave = await channels.enter();
    try {
      const channel = await open(command);
      void channel.closed.then(leave);
      return channel;
    } catch (error) {
      leave();
      throw error;
    }
  };
}
