import { bootId } from '../host/boot/boot-id.ts';
import { commandLine } from '../host/boot/command-line.ts';
import { all, map } from '../shell/look.ts';
import { raw } from '../shell/quote.ts';
import { defineFacts } from './fact.ts';
import { trimmed } from './parse.ts';
import { list, record, text } from './schema.ts';

export const kernel = defineFacts({
  name: 'kernel',
  summary: 'The running kernel, its command line and the boot id.',
  schema: record({
    release: text('6.1.0-18-amd64'),
    cmdline: list({ type: 'string' }, 'The parameters that the kernel was started with, in order.'),
    boot_id: text('Another one after every boot.'),
  }),
  look: all({
    release: trimmed('uname', raw('uname -r')),
    cmdline: map(commandLine, tokens => [...tokens]),
    boot_id: bootId,
  }),
});
