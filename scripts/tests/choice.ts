import { changedSince, headCommit } from './changes.ts';
import { type Choice, choose } from './choose.ts';
import { concernOf } from './concern.ts';
import { readSeconds } from './seconds.ts';

/** How much of the time of all workers is used: near the end some have nothing left to do. */
const packing = 0.85;

/** What a choice is made for: changes since a revision (or "unknown"), in a limited time. */
export type Since = { readonly revision: string; readonly minutes: number; readonly atOnce: number };

/**
 * Chooses among the files of the lab for what has changed. Returns them, and the choice in words.
 */
export function chooseSince(files: readonly string[], since: Since): { files: string[]; text: string } {
  const { atOnce, minutes, revision } = since;
  const { left, taken } = choose({
    concerns: new Map(files.map(file => [file, concernOf(file)])),
    changed: revision === 'unknown' ? undefined : changedSince(revision),
    commit: headCommit(),
    seconds: readSeconds(),
    room: minutes * 60 * atOnce * packing,
  });
  const head = `Of ${files.length} files of the lab, ${taken.length} run`;
  const limit = Number.isFinite(minutes) ? `, as many as ${minutes} minutes hold` : '';
  const text = [`${head}${limit}:`, ...rowsOf(taken), ...(left.length > 0 ? ['No time for:', ...rowsOf(left)] : [])];
  return { files: taken.map(({ file }) => file), text: text.join('\n') };
}

function rowsOf(choices: readonly Choice[]): string[] {
  return choices.map(({ file, why }) => `  ${file}: ${why}`);
}
