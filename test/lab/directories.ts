import { join } from 'node:path';
import { cached } from '../../scripts/tests/cache.ts';

/** Where images and running labs are kept: outside the tree, and common to all clones of a user. */
export function labDirectory(): string {
  return process.env.HOSTWRIGHT_LAB_DIR || cached('lab');
}

/** Where one named lab keeps its disks, its state, its inventory and its log. */
export function instanceDirectory(name: string): string {
  return join(labDirectory(), 'run', name);
}
