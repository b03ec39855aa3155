import { createHash } from 'node:crypto';
import { type Look, map, printed } from '../../shell/look.ts';
import { join, raw, sh } from '../../shell/quote.ts';
import { type Document, parseXml } from './xml.ts';

/** A definition as it was before a change. */
export interface Kept {
  /** Absolute path on the host. */
  readonly file: string;
  readonly definition: Document;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
}

/**
 * Where the definitions of a domain before each change are kept, ten of them, readable by root
 * only.
 */
export function keptFolder(name: string): string {
  return `/var/lib/hostwright/backup/${name}`;
}

const mark = '=== hostwright kept ';

/** The kept definitions of these domains: of each the newest first. @throws CannotTell */
export function keptDefinitions(names: readonly string[]): Look<(name: string) => readonly Kept[]> {
  const files = join(
    names.map(name => sh`${keptFolder(name)}/*.xml`),
    ' ',
  );
  const text = sh`set -- ${files}
for f do shift; [ ! -e "$f" ] || set -- "$@" "$f"; done
[ $# -eq 0 ] || awk -v mark=${mark} ${raw(`'FNR == 1 { print mark FILENAME } { print }'`)} "$@"`;
  return map(printed('awk', text), found => name => keptIn(found, name));
}

function keptIn(printed: string, name: string): readonly Kept[] {
  const all = printed.split(mark).slice(1);
  return all
    .map(part => ({ file: part.slice(0, part.indexOf('\n')), text: part.slice(part.indexOf('\n') + 1) }))
    .filter(({ file }) => file.startsWith(`${keptFolder(name)}/`))
    .map(({ file, text }) => ({
      file,
      definition: parseXml(text, 'domain', file),
      sha256: createHash('sha256').update(text).digest('hex'),
    }))
    .sort((one, other) => (one.file < other.file ? 1 : -1));
}
