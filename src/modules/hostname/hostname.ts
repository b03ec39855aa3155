import { storedAndLive } from '../../decision.ts';
import { edited } from '../../host/lines/decide.ts';
import { bare, splitLines, textFile } from '../../host/lines/text.ts';
import { setKernelFile } from '../../host/sysfs/kernel-file.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

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
  look: () => all({ live: liveName, file: textFile('/etc/hostname', { follow: true }) }),
  decide({ name }, { file, live }) {
    return storedAndLive('name', {
      stored: edited(file, rename(file.text, name)),
      live: live === name ? undefined : setKernelFile(kernel, name, { subject: 'host name (live)', before: live }),
      same: 'the file and the kernel have this name',
      result: { name, live: name, stored: name },
    });
  },
});

/** The name that the running kernel has. @throws CannotTell */
const liveName = map(printed(`cat ${kernel}`, sh`cat ${kernel}`), live => {
  if (!/^\S+\n$/.test(live)) throw new CannotTell(`${kernel} has no name in it: ${JSON.stringify(live)}`);
  return live.trim();
});

/** The text with another name: the first line that is not a comment, hostname(5). */
function rename(text: string, name: string): string {
  const lines = splitLines(text);
  const old = lines.find(line => /^\s*[^#\s]/.test(line));
  if (old === undefined) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${name}\n`;
  return bare(old).trim() === name ? text : lines.with(lines.indexOf(old), `${name}\n`).join('');
}
