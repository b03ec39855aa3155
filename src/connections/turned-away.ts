import { setTimeout } from 'node:timers/promises';

/**
 * The code of a host that takes the connection and hangs up before it says who it is, as sshd does
 * beyond MaxStartups.
 */
export const turnedAway = 'connection.turned-away';

/**
 * Tries to log in until the host lets it in, at growing intervals, for so many seconds.
 * @throws what the login throws, once it is something else or the time is over
 */
export async function untilLetIn<T>(seconds: number, logIn: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
    try {
      return await logIn();
    } catch (error) {
      // Hosts that were turned away together must not come back together.
      const wait = pause * (0.5 + Math.random());
      if ((error as { code?: string }).code !== turnedAway || performance.now() + wait > deadline) throw error;
      await setTimeout(wait);
    }
  }
}
