import { refuse, storedAndLive } from '../../decision.ts';
import { editIni } from '../../host/ini/edit.ts';
import { edited } from '../../host/lines/decide.ts';
import { textFile } from '../../host/lines/text.ts';
import { setKernelFile } from '../../host/sysfs/kernel-file.ts';
import { all } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';
import { control, laterFiles, liveThreads } from './threads.ts';

const file = '/etc/nfs.conf';

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
  look: () => all({ file: textFile(file, { follow: true }), live: liveThreads, later: laterFiles }),
  decide({ threads }, { file: stored, live, later }) {
    const winner = later.find(one => one.threads !== String(threads));
    if (winner) {
      return refuse(
        `${winner.file} is read after ${file} and sets threads = ${winner.threads}: it would win at the next start`,
        `Take the line out of ${winner.file}.`,
      );
    }
    const text = editIni(stored.text, {
      section: 'nfsd',
      option: 'threads',
      wanted: [String(threads)],
      state: 'present',
      exclusive: true,
      no_extra_spaces: true,
      modify_inactive_option: true,
    });
    if ('continued' in text) {
      return refuse(`threads in line ${text.continued} of ${file} goes on in the next line`, 'Put it into one line.');
    }
    return storedAndLive('number', {
      stored: edited(stored, text.text),
      live: live === undefined || live === threads ? undefined : setThreads(threads, live),
      same: live === undefined ? 'the file has them, and no server runs' : 'the file and the server have them',
      result: { threads: live === undefined ? 0 : threads },
    });
  },
});

/** Written to a server that was stopped since, the number would start it. */
function setThreads(threads: number, before: number) {
  const guard = script({ live: sh`[ "$(cat ${control})" = ${String(before)} ] || exit 75` });
  return { ...setKernelFile(control, threads, { subject: control, before }), guard };
}
