import { textFile } from '../../host/lines/text.ts';
import { all, map, printed, type Seen } from '../../shell/look.ts';
import { join, raw, sh } from '../../shell/quote.ts';
import { filesIn } from '../../shell/read-files.ts';
import { parseExports } from './exports.ts';
import type { Args } from './schema.ts';

/** What is seen of an NFS server. */
export type ServerExports = Seen<ReturnType<typeof serverExports>>;

/** The file of exports, what the server exports now, and what is in the way. */
export function serverExports({ file, exports }: Pick<Args, 'file' | 'exports'>) {
  return all({
    tool: printed('exportfs', raw('command -v exportfs >/dev/null || exit 127')),
    file: textFile(file),
    // As the server says it, too: for the guard.
    live: map(printed('exportfs -s', raw('exportfs -s')), shown => ({ shown, exports: parseExports(shown) })),
    others: otherExports(file),
    missing: missingFolders(exports.map(({ path }) => path)),
  });
}

/** What other files export, with the file that says so. */
function otherExports(own: string) {
  const text = sh`for file in /etc/exports /etc/exports.d/*.exports; do
  [ -e "$file" ] && [ "$file" != ${own} ] || continue
  printf '\\n%s\\n' "=== $file"; cat -- "$file" || exit 1
done`;
  return map(printed('cat', text), found =>
    filesIn(found).flatMap(({ file, text }) => parseExports(text).map(one => ({ ...one, file }))),
  );
}

/** Paths to export that are not directories. */
function missingFolders(paths: readonly string[]) {
  const text = join([...paths.map(path => sh`[ -d ${path} ] || echo ${path}`), raw(':')]);
  return map(printed('test', text), found => found.split('\n').filter(path => path !== ''));
}
