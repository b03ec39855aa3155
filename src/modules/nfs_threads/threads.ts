import { optionLines, sectionsOf } from '../../host/ini/parts.ts';
import { splitLines } from '../../host/lines/text.ts';
import { CannotTell } from '../../shell/answer.ts';
import { ask, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { filesIn } from '../../shell/read-files.ts';

/** Where the running server has its number of threads. */
export const control = '/proc/fs/nfsd/threads';

/** Threads of the running server; undefined where none runs. @throws CannotTell */
export const liveThreads = map(
  ask('cat', sh`[ -e ${control} ] || exit 3; cat ${control}`, [0, 3]),
  ({ code, stdout }) => {
    if (code === 0 && !/^\d+\s*$/.test(stdout))
      throw new CannotTell(`${control} says ${JSON.stringify(stdout.slice(0, 100))}`);
    return code === 3 || Number(stdout) === 0 ? undefined : Number(stdout);
  },
);

/** Files that are read after the one that is owned, with the threads that they set. */
export const laterFiles = map(
  printed(
    'cat',
    sh`for one in /etc/nfs.conf.d/*.conf; do [ -e "$one" ] || continue; echo "=== $one"; cat -- "$one" && echo || \
exit 1; done`,
  ),
  text =>
    filesIn(text).flatMap(({ file, text }) => {
      const threads = threadsIn(text);
      return threads === undefined ? [] : [{ file, threads }];
    }),
);

/** The number of threads that a text in the form of nfs.conf(5) sets: the last one. */
function threadsIn(text: string): string | undefined {
  const lines = splitLines(text);
  return sectionsOf(lines, 'nfsd')
    .flatMap(range => optionLines(lines, range, 'threads'))
    .at(-1)?.value;
}
