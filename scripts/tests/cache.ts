import { homedir } from 'node:os';
import { join } from 'node:path';

/** A path in the folder of what this user's Hostwright keeps and can make again. */
export function cached(name: string): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hostwright', name);
}
