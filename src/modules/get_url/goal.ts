import { posix } from 'node:path';
import { ownerIds } from '../../host/file/attributes.ts';
import { findGoal, foundPlace } from '../../host/file/goal.ts';
import { printedHash } from '../../host/file/hash.ts';
import { all, map, printed, type Seen, within } from '../../shell/look.ts';
import { raw, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';

/** What {@link downloadGoal} sees. */
export type DownloadGoal = Seen<ReturnType<typeof downloadGoal>>;

/** What lies where the file is to be, with its hash by the algorithm of `checksum`; and the means to fetch it. */
export function downloadGoal(args: Args) {
  const find = findGoal(args.dest, { name: fileName(args.url) });
  const algorithm = args.checksum?.split(':')[0];
  const looks = all({
    place: foundPlace(find),
    hash: algorithm === undefined ? undefined : hashOf(`${algorithm}sum`),
    program: map(printed('sh', raw('command -v curl || command -v wget || :')), programIn),
    ids: ownerIds(args),
  });
  return within(900, looks);

  function hashOf(program: string) {
    return printedHash(program, sh`${find}\nif [ -f "$p" ] && [ ! -L "$p" ]; then ${program} < "$p"; fi`);
  }
}

/** The name of the file that a URL leads to. */
export function fileName(url: string): string {
  const path = new URL(url).pathname;
  const name = posix.basename(path);
  try {
    return decodeURIComponent(name) || 'index.html';
  } catch {
    // A percent sign that begins no code is one.
    return name;
  }
}

function programIn(text: string): 'curl' | 'wget' | undefined {
  const name = text.trim().split('/').at(-1);
  return name === 'curl' || name === 'wget' ? name : undefined;
}
