import { suggest } from '../language/suggest.ts';
import { UnusableRun } from './errors.ts';
import { runIds } from './folder.ts';

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

const otherFolder = '--state names another folder of runs.';
const seeHistory = 'See "hostwright history".';
