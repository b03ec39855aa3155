import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where images and running labs are kept: outside the tree, and common to all clones of a user. */
export function labDirectory(): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return process.env.HOSTWRIGHT_LAB_DIR || join(cache, 'hostwright', 'lab');
}

/** Where one named lab keeps its disks, its state, its inventory and its log. */
export function instanceDirectory(name: string): string {
  return join(labDirectory(), 'run', name);
}
