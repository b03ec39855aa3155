import type { Commit } from '../events/run-start.ts';
import type { RunEntry } from '../journal/entry.ts';
import { secondsText } from './play-view.ts';
import { printable } from './printable.ts';

/** How a run ended, in words: `changed`, `check: would change`, `cut, edited`. */
export function statusText({ status, check, edited }: Pick<RunEntry, 'status' | 'check' | 'edited'>): string {
  const word = !check ? status : (checkWords[status] ?? `check: ${status}`);
  return edited ? `${word}, edited` : word;
}

const checkWords: Readonly<Record<string, string>> = { ok: 'check', changed: 'check: would change' };

/** When it was here: `2026-12-02 16:22`. */
export function localTime(time: string): string {
  const at = new Date(time);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return Number.isNaN(local.getTime()) ? printable(time) : local.toISOString().slice(0, 16).replace('T', ' ');
}

/** How long it took: `0.4 s`, `2 min 05 s`. */
export function tookText(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : secondsText(seconds * 1000);
}

/** The beginning of a commit's id; `*`: the tree was not as in the commit. */
export function commitText(commit: Commit | undefined): string {
  return commit ? `${printable(commit.id.slice(0, 7))}${commit.clean ? '' : '*'}` : '';
}
