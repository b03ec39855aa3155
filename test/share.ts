import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

/** True under `npm run test:all`, which leaves nothing out. */
const everything = process.env.HOSTWRIGHT_TEST_ALL === 'true';

let commit: string | undefined;

/** So many of the items, others for each commit: over a few commits all have their turn. */
export function share<T>(items: readonly T[], count: number, nameOf: (item: T) => string): readonly T[] {
  return everything ? items : chosen(items, count, nameOf);
}

/** As {@link share}, and never more. */
export function chosen<T>(items: readonly T[], count: number, nameOf: (item: T) => string): readonly T[] {
  commit ??= currentCommit();
  const rank = (item: T) =>
    createHash('sha256')
      .update(`${commit}${nameOf(item)}`)
      .digest('hex');
  const best = items.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, count);
  return items.filter(item => best.includes(item));
}

function currentCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'no commit'; // a copy without git
  }
}
