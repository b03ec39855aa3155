import { createHash } from 'node:crypto';
import type { Mutation } from './mutation.ts';

/**
 * So many mutations, evenly from all files, and within a file from all kinds. The seed says which;
 * those of a file depend on nothing outside of the lines that they change.
 */
export function choose(all: Mutation[], count: number, seed: string): Mutation[] {
  const ranked = rank(all, seed);
  const files = [...Map.groupBy(ranked, ({ file }) => file).values()].map(mutations => {
    return takeTurns([...Map.groupBy(mutations, ({ kind }) => kind).values()]);
  });
  return takeTurns(files).slice(0, count);
}

/** In an order that looks like none, and is the same each time. */
function rank(all: Mutation[], seed: string): Mutation[] {
  const seen = new Map<string, number>();
  const ranked = all.map(mutation => {
    const { after, before, file, kind } = mutation;
    const text = JSON.stringify([seed, file, kind, before, after]);
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    return { mutation, key: createHash('sha256').update(`${text} ${times}`).digest('hex') };
  });
  return ranked.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ mutation }) => mutation);
}

/** The first of each list, then the second of each, and so on. */
function takeTurns<T>(lists: T[][]): T[] {
  const longest = Math.max(0, ...lists.map(list => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap(list => list.slice(at, at + 1))).flat();
}
