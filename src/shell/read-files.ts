import { type Look, map, printed } from './look.ts';
import type { ShellText } from './quote.ts';

/**
 * The files of a `grep -sH '' FILE…` with their first line. grep leaves with 1 or 2 where files are
 * missing.
 */
export function firstLines(grep: ShellText): Look<ReadonlyMap<string, string>> {
  return map(printed('grep', grep, [0, 1, 2]), text => {
    const files = new Map<string, string>();
    for (const row of text.split('\n')) {
      const at = row.indexOf(':');
      if (at > 0 && !files.has(row.slice(0, at))) files.set(row.slice(0, at), row.slice(at + 1));
    }
    return files;
  });
}

/** A file with its text, where a loop has printed `=== FILE` before each. */
export function filesIn(text: string): readonly { readonly file: string; readonly text: string }[] {
  const parts = text.split(/^=== /m).slice(1);
  return parts.map(part => ({ file: part.slice(0, part.indexOf('\n')), text: part.slice(part.indexOf('\n') + 1) }));
}
