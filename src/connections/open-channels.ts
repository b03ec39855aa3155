import type { Channel } from './connection.ts';

/** The channels of a connection that are open, to be given up with it. */
export interface OpenChannels {
  /**
   * Keeps a channel until it is closed, and returns it; one that comes too late is given up at
   * once.
   */
  readonly add: (channel: Channel) => Channel;
  readonly close: () => void;
}

/** Keeps the channels of one connection. */
export function openChannels(): OpenChannels {
  const open = new Set<Channel>();
  let closed = false;
  function add(channel: Channel): Channel {
    if (closed) channel.destroy();
    open.add(channel);
    void channel.closed.then(() => open.delete(channel));
    return channel;
  }
  function close(): void {
    closed = true;
    for (const channel of open) channel.destroy();
  }
  return { add, close };
}
