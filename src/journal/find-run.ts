import { suggest } from '../language/suggest.ts';
import { UnusableRun } from './errors.ts';
import { runIds } from './folder.ts';
import { startOf } from './start.ts';

/** The newest run, by this name. */
export const lastRun = 'last';

/**
 * The id of a recorded run by what a user calls it: `last`, an id, or the beginning of one.
 * @throws UnusableRun where there is none, or several
 */
export function findRun(state: string, name: string): string {
  const ids = runIds(state);
  const newest = ids.at(-1);
  if (newest === undefined) throw new UnusableRun('unknown', `No run is recorded in ${state}.`, otherFolder);
  if (name === lastRun) return newest;
  const [found, second] = ids.includes(name) ? [name] : ids.filter(id => id.startsWith(name));
  if (found === undefined || name === '')
    throw new UnusableRun('unknown', `There is no run "${name}".`, suggest(name, ids) ?? seeHistory);
  if (second !== undefined)
    throw new UnusableRun('several', `Several runs begin with "${name}": ${found}, ${second} …`, seeHistory);
  return found;
}

/**
 * As {@link findRun}, of a run that has done something: `last` is the newest that was not in check
 * mode.
 * @throws UnusableRun also where the run was in check mode
 */
export function findRealRun(state: string, name: string): string {
  const isReal = (id: string) => startOf(state, id)?.check === false;
  const id = (name === lastRun ? runIds(state).findLast(isReal) : undefined) ?? findRun(state, name);
  if (startOf(state, id)?.check) throw checkedOnly(id);
  return id;
}

/** The error about a run of which nothing was done. */
export function checkedOnly(id: string, hint?: string): UnusableRun {
  return new UnusableRun('check', `The run ${id} was in check mode: nothing of it was done.`, hint);
}

const otherFolder = '--state names another folder of runs.';
const seeHistory = 'See "hostwright history".';
