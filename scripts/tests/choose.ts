import { type Concern, concerned } from './concern.ts';
import { type Seconds, secondsOf } from './seconds.ts';
import { turnOf } from './turn.ts';

/** A file with the reason for which it is taken or left out. */
export type Choice = { readonly file: string; readonly why: string };

export type Choosing = {
  /** What each file depends on. */
  readonly concerns: ReadonlyMap<string, Concern>;
  /** Files that changed, or undefined if that is not known: then each may concern every file. */
  readonly changed: readonly string[] | undefined;
  /** What decides between files of which one is as good as the other: the hash of a commit. */
  readonly commit: string;
  readonly seconds: Seconds;
  /** What fits in: seconds of work. */
  readonly room: number;
};

/**
 * Chooses test files while there is room: first those that name what has changed, then those that
 * go through it as every run does, then others. Within each of these the commit decides, so that
 * over several commits every file gets its turn.
 */
export function choose({ changed, commit, concerns, room, seconds }: Choosing): { taken: Choice[]; left: Choice[] } {
  const rows = [...concerns].map(([file, concern]) => ({
    file,
    ...reasonOf(concern, changed),
    turn: turnOf(file, commit),
  }));
  const ordered = rows.toSorted((one, other) => one.rank - other.rank || one.turn.localeCompare(other.turn));
  const taken: Choice[] = [];
  const left: Choice[] = [];
  let used = 0;
  for (const { file, why } of ordered) {
    const needed = secondsOf([file], seconds);
    const fits = used + needed <= room;
    if (fits) used += needed;
    (fits ? taken : left).push({ file, why });
  }
  return { taken, left };
}

function reasonOf(concern: Concern, changed: readonly string[] | undefined): { rank: number; why: string } {
  if (!changed) return { rank: 1, why: 'what has changed is not known' };
  const found = concerned(concern, changed);
  if (found?.by === 'own') return { rank: 0, why: `it uses ${found.file}, which has changed` };
  if (found) return { rank: 1, why: `every run goes through ${found.file}, which has changed` };
  return { rank: 2, why: 'its turn by the hash of this commit' };
}
