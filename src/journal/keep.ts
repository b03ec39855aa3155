import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { folderOfRun, runFiles, runIds } from './folder.ts';

/** How much of the past is kept. */
export interface Keep {
  /** Days since the last event of a run. */
  readonly days: number;
  /** The newest runs, by number. */
  readonly runs: number;
}

/** Milliseconds in which a run that has no end yet may be one that goes on. */
const silence = 7 * 24 * 3600 * 1000;

/** Removes recorded runs that are more or older than what is kept, but for those that go on. */
export function removeOld(state: string, { days, runs }: Keep): void {
  const oldest = Date.now() - days * 24 * 3600 * 1000;
  for (const [age, id] of runIds(state).toReversed().entries()) {
    const folder = folderOfRun(state, id);
    const last = timeOf(join(folder, runFiles.events)) ?? timeOf(folder) ?? Date.now();
    const isOver = existsSync(join(folder, runFiles.hash)) || last < Date.now() - silence;
    if (isOver && (age >= runs || last < oldest)) rmSync(folder, { recursive: true, force: true });
  }
}

/** When a file, or what a folder holds, was last changed; undefined where it is not there. */
function timeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
