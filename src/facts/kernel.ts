import { accept, CannotTell } from '../shell/answer.ts';
import { raw } from '../shell/quote.ts';
import { script } from '../shell/script.ts';
import { defineFacts } from './fact.ts';
import { list, record, text } from './schema.ts';

export const kernel = defineFacts({
  name: 'kernel',
  summary: 'The running kernel, its command line and the boot id.',
  schema: record({
    release: text('6.1.0-18-amd64'),
    cmdline: list({ type: 'string' }, 'The parameters that the kernel was started with, in order.'),
    boot_id: text('Another one after every boot.'),
  }),
  probe: script({
    release: raw('uname -r'),
    cmdline: raw('cat /proc/cmdline'),
    boot: raw('cat /proc/sys/kernel/random/boot_id'),
  }),
  read(answer) {
    const boot_id = accept(answer, 'boot', [0], 'cat').stdout.trim();
    if (!/^[0-9a-f-]{36}$/.test(boot_id))
      throw new CannotTell(`the kernel gave no boot id: ${JSON.stringify(boot_id)}`);
    return {
      release: accept(answer, 'release', [0], 'uname').stdout.trim(),
      cmdline:
        accept(answer, 'cmdline', [0], 'cat')
          .stdout.trim()
          .match(/(?:[^\s"]|"[^"]*")+/g) ?? [],
      boot_id,
    };
  },
});
