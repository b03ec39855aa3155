import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildProgram } from '../../scripts/program.ts';

/** The clone that the bench is in. */
export const root = join(import.meta.dirname, '../..');

/**
 * The words that start Hostwright as a clone runs it: from its sources, by the Node that the bench
 * runs on.
 */
export const fromSources: readonly string[] = [process.execPath, join(root, 'bin/hostwright.js')];

/** Builds Hostwright as it is installed, in a folder. @returns the words that start it */
export function buildHostwright(folder: string): readonly string[] {
  const target = join(folder, 'built');
  mkdirSync(target);
  return [process.execPath, buildProgram(target)];
}
