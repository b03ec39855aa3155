import { accept } from './answer.ts';
import type { Answer } from './script.ts';

/**
 * The files of a `grep -sH '' FILE…` with their first line. grep leaves with 1 or 2 where files are
 * missing.
 */
export function readFiles(answer: Answer, section: string): ReadonlyMap<string, string> {
  const lines = accept(answer, section, [0, 1, 2], 'grep').stdout.split('\n');
  const files = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf(':');
    if (at > 0 && !files.has(line.slice(0, at))) files.set(line.slice(0, at), line.slice(at + 1));
  }
  return files;
}
