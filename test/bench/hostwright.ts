import { join } from 'node:path';

/** The clone that the bench stands in. */
export const root = join(import.meta.dirname, '../..');

/** The words that start Hostwright as a clone runs it: from its sources, by the Node that the bench runs on. */
export const hostwright: readonly string[] = [process.execPath, join(root, 'bin/hostwright.js')];
