import { type Entry, parseEntry, placeAnswer, requireAbsent, statEntry, statOrAbsent } from '../../host/file/entry.ts';
import { type Look, map } from '../../shell/look.ts';
import { inShell, sh } from '../../shell/quote.ts';

/** What is at a path. */
export interface Place {
  /** The entry itself, a link not followed. */
  readonly entry: Entry | undefined;
  /** What it leads to: the entry itself, but for a link that is followed. */
  readonly target: Entry | undefined;
  /** The directory that it would lie in is missing. */
  readonly homeless: boolean;
}

/** What is at a path, and where a link is followed what it leads to. */
export function placeAt(path: string, follow: boolean): Look<Place> {
  // Greedy from the front: from the back each character of a path would be tried.
  const home = /^(.*\/)[^/]+\/*$/s.exec(path)?.[1] ?? '';
  const one = statOrAbsent(path, home);
  const both = sh`${statEntry(path)} && ${statEntry(path, { follow: true })}`;
  const text = follow ? inShell(sh`if [ -L ${path} ]; then ${both}; else ${one}; fi`) : one;
  return map(placeAnswer(text), found => {
    // Of a link that leads nowhere, stat has said so.
    if (found.code !== 0 && found.stderr !== '') requireAbsent(found);
    const end = found.stdout.indexOf('\n') + 1;
    const [line, further] = [found.stdout.slice(0, end), found.stdout.slice(end)];
    const entry = found.code === 0 || found.stdout !== '' ? parseEntry(line) : undefined;
    const followed = entry?.kind === 'link' && follow;
    // A link that leads nowhere has a line, and a code that is not 0.
    const behind = found.code === 0 && (followed || further !== '') ? parseEntry(further) : undefined;
    return { entry, target: followed ? behind : entry, homeless: found.code === 3 };
  });
}
