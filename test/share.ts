import { headCommit } from '../scripts/tests/changes.ts';
import { turnOf } from '../scripts/tests/turn.ts';

/** Set by plain `npm test`, which has 15 minutes. */
const inShares = process.env.HOSTWRIGHT_TEST_SHARE === 'true';

/** All of the items; for plain `npm test` so many of them, others for each commit. */
export function share<T>(items: readonly T[], count: number, nameOf: (item: T) => string): readonly T[] {
  return inShares ? chosen(items, count, nameOf) : items;
}

/** So many of the items, others for each commit: over several commits all have their turn. */
export function chosen<T>(items: readonly T[], count: number, nameOf: (item: T) => string): readonly T[] {
  const commit = headCommit();
  const turns = new Map(items.map(item => [item, turnOf(nameOf(item), commit)]));
  const turn = (item: T) => turns.get(item) ?? '';
  return items.toSorted((one, other) => turn(one).localeCompare(turn(other))).slice(0, count);
}
