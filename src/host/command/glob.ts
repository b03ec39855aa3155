import { inShell, join, raw, type ShellText, sh } from '../../shell/quote.ts';

/**
 * Succeeds if a path that matches `pattern` is there, leaves with 1 if none is, and with 2 if that
 * cannot be told. `*`, `?` and simple `[…]` match as in a shell; everything else matches itself
 * only.
 */
export function anyMatch(pattern: string): ShellText {
  const pieces = pattern.split(/([*?]|\[[!A-Za-z0-9_.-]+\])/);
  if (pieces.length === 1) return inShell(sh`hw_there ${pattern}`);
  const words = join(
    pieces.map((piece, at) => (at % 2 === 1 ? raw(piece) : piece === '' ? raw('') : sh`${piece}`)),
    '',
  );
  const [start = ''] = pieces;
  const directory = start.replace(/[^/]*$/, '') || '.';
  return join([
    // A leading dash is not an option of [ -e ], and dot keeps a relative path out of CDPATH.
    sh`for f in ${words}; do if [ -e "$f" ] || [ -L "$f" ]; then exit 0; fi; done`,
    sh`if [ -d ${directory} ] && { [ ! -r ${directory} ] || [ ! -x ${directory} ]; }; then \
echo ${`${directory}: may not be read`} >&2; exit 2; fi`,
    raw('exit 1'),
  ]);
}
