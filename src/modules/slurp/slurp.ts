import { isUtf8 } from 'node:buffer';
import { ok, refuse } from '../../decision.ts';
import { type Entry, entryAt } from '../../host/file/entry.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, ask, type Look, later, map, within } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

/** An answer has 16 MiB; a page of it is for all that is not the file. */
const largest = 16 * 1024 * 1024 - 4096;

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
  look({ src }) {
    const looks = all({ entry: entryAt(src, { follow: true }), body: later(bodyOf(src)) });
    return within(
      600,
      map(looks, ({ entry, body }) => ({
        entry,
        bytes: entry?.kind === 'file' && entry.size <= largest ? wholeBody(src, entry, body()) : undefined,
      })),
    );
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

function bodyOf(src: string): Look<Uint8Array> {
  const text = sh`if [ ! -f ${src} ] || [ "$(stat -L -c %s -- ${src})" -gt ${largest} ]; then exit 0; \
fi\nhead -c ${largest + 1} < ${src}`;
  return map(ask('head', text), ({ bytes }) => bytes);
}

/** @throws CannotTell where some of it is missing */
function wholeBody(src: string, { size }: Entry, bytes: Uint8Array): Uint8Array {
  if (bytes.length >= size) return bytes;
  throw new CannotTell(`${src} has ${size} bytes, but ${bytes.length} could be read`, {
    advice: 'Run again; find out what writes to it.',
  });
}
