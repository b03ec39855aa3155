import { isUtf8 } from 'node:buffer';
import { ok, refuse } from '../../decision.ts';
import { type Entry, readEntry, statEntry } from '../../host/file/entry.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

/** An answer has 16 MiB; a page of it is for all that is not the file. */
const largest = 16 * 1024 * 1024 - 4096;

interface State {
  readonly entry: Entry | undefined;
  /** The content, where there is a file that is small enough. */
  readonly bytes?: Uint8Array;
}

export const slurp = defineModule({
  name: 'slurp',
  summary: 'Reads a file of the host.',
  description:
    'Reads only, so it also runs in check mode, and is never `changed`. The content is ' +
    'what was there at one moment, in base64; files of the kernel (/proc, /sys) can be ' +
    'read, too. For less than 16 MiB: a larger file is brought by `fetch`. Symbolic links ' +
    'are followed.',
  args,
  freeForm: 'src',
  returns,
  found({ content }) {
    const bytes = Buffer.from(String(content), 'base64');
    return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString().trimEnd() : 'The bytes are not a text.';
  },
  examples,
  probe({ src }) {
    return script(
      {
        entry: statEntry(src, { follow: true }),
        body: sh`if [ ! -f ${src} ] || [ "$(stat -L -c %s -- ${src})" -gt ${largest} ]; then exit 0; fi\nhead -c ${largest + 1} < ${src}`,
      },
      { limit: 600 },
    );
  },
  read(answer, { src }): State {
    const entry = readEntry(answer, 'entry');
    if (entry?.kind !== 'file' || entry.size > largest) return { entry };
    const { bytes } = accept(answer, 'body', [0], 'head');
    if (bytes.length < entry.size) {
      throw new CannotTell(`${src} has ${entry.size} bytes, but ${bytes.length} could be read`, {
        advice: 'Run again; find out what writes to it.',
      });
    }
    return { entry, bytes };
  },
  decide({ src }, { entry, bytes }) {
    if (!entry) {
      return refuse(`${src} does not exist`, 'Correct src, or ask with stat whether it is there.', {
        needs: [{ kind: 'path', name: src }],
      });
    }
    if (entry.kind !== 'file') {
      return refuse(`${src} is a ${entry.kind}, not a file`, 'Name a file; find lists those of a directory.');
    }
    if (!bytes || bytes.length > largest) {
      return refuse(
        `${src} has ${Math.max(entry.size, bytes?.length ?? 0)} bytes; only files of less than 16 MiB are read`,
        'Bring it to the controller with fetch, or print the part you need with command and reads: true.',
      );
    }
    const content = Buffer.from(bytes).toString('base64');
    return ok(`read ${bytes.length} bytes`, { result: { content, encoding: 'base64', source: src } });
  },
});
