import { refuse, storedAndLive } from '../../decision.ts';
import { contentOfText } from '../../host/file/content.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { editIni } from '../../host/ini/edit.ts';
import { optionLines, sectionsOf } from '../../host/ini/parts.ts';
import { largestText, readText, splitLines, type TextGoal } from '../../host/lines/text.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

interface State extends TextGoal {
  /** Threads of the running server; undefined where none runs. */
  readonly live: number | undefined;
  /** Files that are read after /etc/nfs.conf, with the threads that they set. */
  readonly later: readonly { readonly file: string; readonly threads: string }[];
}

const file = '/etc/nfs.conf';
const control = '/proc/fs/nfsd/threads';

export const nfsThreads = defineModule({
  name: 'nfs_threads',
  summary: 'Owns the number of threads of an NFS server, stored and live.',
  description: `Compares \`[nfsd] threads\` of /etc/nfs.conf and the running server, and says which
of the two differed. Threads come and go while the server serves; nothing is restarted, and a
server that does not run stays so. A file below /etc/nfs.conf.d that sets another number is
refused: it would win at the next start.`,
  args,
  returns,
  examples,
  owns: ({ threads }) => [{ subject: 'NFS server', attribute: 'threads', value: String(threads) }],
  probe: () =>
    script({
      ...probeGoal(file, { follow: true, most: largestText }),
      live: sh`[ -e ${control} ] || exit 3; cat ${control}`,
      later: sh`for one in /etc/nfs.conf.d/*.conf; do [ -e "$one" ] || continue; echo "=== $one"; cat -- "$one" && echo || exit 1; done`,
    }),
  read(answer): State {
    const { code, stdout } = accept(answer, 'live', [0, 3], 'cat');
    if (code === 0 && !/^\d+\s*$/.test(stdout))
      throw new CannotTell(`${control} says ${JSON.stringify(stdout.slice(0, 100))}`);
    const texts = accept(answer, 'later', [0], 'cat').stdout.split(/^=== /m).slice(1);
    return {
      ...readText(answer),
      live: code === 3 || Number(stdout) === 0 ? undefined : Number(stdout),
      later: texts.flatMap(text => {
        const end = text.indexOf('\n');
        const threads = threadsIn(text.slice(end + 1));
        return threads === undefined ? [] : [{ file: text.slice(0, end), threads }];
      }),
    };
  },
  decide({ threads }, state) {
    const winner = state.later.find(one => one.threads !== String(threads));
    if (winner) {
      return refuse(
        `${winner.file} is read after ${file} and sets threads = ${winner.threads}: it would win at the next start`,
        `Take the line out of ${winner.file}.`,
      );
    }
    const edited = editIni(state.text, {
      section: 'nfsd',
      option: 'threads',
      wanted: [String(threads)],
      state: 'present',
      exclusive: true,
      no_extra_spaces: true,
      modify_inactive_option: true,
    });
    if ('continued' in edited) {
      return refuse(`threads in line ${edited.continued} of ${file} goes on in the next line`, 'Put it into one line.');
    }
    const differs = state.live !== undefined && state.live !== threads;
    return storedAndLive('number', {
      stored: decideReplace(state.goal, contentOfText(edited.text), {}, {}),
      live: differs
        ? {
            diff: [{ subject: control, before: `${state.live}\n`, after: `${threads}\n` }],
            // Written to a server that was stopped since, the number would start it.
            guard: script({ live: sh`[ "$(cat ${control})" = ${String(state.live)} ] || exit 75` }),
            apply: script({ live: sh`hw_kernel ${control} ${threads}` }),
          }
        : undefined,
      same: state.live === undefined ? 'the file has them, and no server runs' : 'the file and the server have them',
      result: { threads: state.live === undefined ? 0 : threads },
    });
  },
});

/** The number of threads that a text in the form of nfs.conf(5) sets: the last one. */
function threadsIn(text: string): string | undefined {
  const lines = splitLines(text);
  return sectionsOf(lines, 'nfsd')
    .flatMap(range => optionLines(lines, range, 'threads'))
    .at(-1)?.value;
}
