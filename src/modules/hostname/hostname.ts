import { storedAndLive } from '../../decision.ts';
import { contentOfText } from '../../host/file/content.ts';
import { probeGoal } from '../../host/file/goal.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { bare, largestText, readText, splitLines, type TextGoal } from '../../host/lines/text.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

interface State extends TextGoal {
  readonly live: string;
}

const file = '/etc/hostname';
const kernel = '/proc/sys/kernel/hostname';

export const hostname = defineModule({
  name: 'hostname',
  summary: 'Owns the name of the host, stored and in the running kernel.',
  description:
    'Compares /etc/hostname and the kernel, and says which of them differed. Comments of ' +
    'the file stay. /etc/hosts is left alone, and services that have asked for the name ' +
    'already keep the old one until they are restarted.',
  args,
  freeForm: 'name',
  returns,
  examples,
  owns: ({ name }) => [{ subject: 'host', attribute: 'name', value: name }],
  probe: () => script({ live: sh`cat ${kernel}`, ...probeGoal(file, { follow: true, most: largestText }) }),
  read(answer): State {
    const live = accept(answer, 'live', [0], `cat ${kernel}`).stdout;
    if (!/^\S+\n$/.test(live)) throw new CannotTell(`${kernel} has no name in it: ${JSON.stringify(live)}`);
    return { ...readText(answer), live: live.trim() };
  },
  decide({ name }, { goal, text, live }) {
    return storedAndLive('name', {
      stored: decideReplace(goal, contentOfText(rename(text, name)), {}, {}),
      live:
        live === name
          ? undefined
          : {
              diff: [{ subject: 'host name (live)', before: `${live}\n`, after: `${name}\n` }],
              apply: script({ live: sh`hw_kernel ${kernel} ${name}` }),
            },
      same: 'the file and the kernel have this name',
      result: { name, live: name, stored: name },
    });
  },
});

/** The text with another name: the first line that is not a comment, hostname(5). */
function rename(text: string, name: string): string {
  const lines = splitLines(text);
  const at = lines.findIndex(line => /^\s*[^#\s]/.test(line));
  if (at < 0) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${name}\n`;
  return bare(lines[at]!).trim() === name ? text : lines.with(at, `${name}\n`).join('');
}
