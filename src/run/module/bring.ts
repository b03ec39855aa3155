import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Session } from '../../connections/session.ts';
import type { Change } from '../../decision.ts';
import { HostwrightError, messageOf } from '../../errors.ts';

/**
 * Brings the files that a change fetches to the controller. Each is written next to its goal,
 * proven, and renamed: half a file is never seen.
 * @param seconds for each of them
 * @throws HostwrightError `get.*`, ConnectionLost
 */
export async function bring(session: Session, { fetches = [] }: Change, seconds?: number): Promise<void> {
  for (const { from, to, sha256, most } of fetches) {
    // Several hosts may write one goal at the same time.
    const part = join(dirname(to), `.${randomBytes(8).toString('hex')}.hostwright-part`);
    try {
      await mkdir(dirname(to), { recursive: true });
      const came = await session.get({ from, to: part, most, seconds });
      if (sha256 !== undefined && came !== sha256) throw notTheSame(from, session.address);
      await rename(part, to);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
      throw new HostwrightError('get.write', `${to} on the controller could not be written: ${messageOf(error)}`, {
        cause: error,
        hint: 'Look at the directory, its permissions and the free space.',
      });
    } finally {
      await rm(part, { force: true }).catch(() => undefined);
    }
  }
}

function notTheSame(from: string, address: string): HostwrightError {
  return new HostwrightError(
    'get.hash',
    `The copy of ${from} from ${address} does not match the hash of the original.`,
    {
      hint:
        'Something writes to it: run again, or say validate_checksum: false for a file that is ' +
        'always being written.',
    },
  );
}
