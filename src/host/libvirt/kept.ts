import { accept } from '../../shell/answer.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { type Document, parseXml } from './xml.ts';

/** A definition as it was before a change. */
export interface Kept {
  /** Absolute path on the host. */
  readonly file: string;
  readonly definition: Document;
}

/**
 * Where the definitions of a domain before each change are kept, ten of them, readable by root
 * only.
 */
export function keptFolder(name: string): string {
  return `/var/lib/hostwright/backup/${name}`;
}

const mark = '=== hostwright kept ';

/** Probe section that prints the kept definitions of these domains. */
export function keptSection(names: readonly string[]): Readonly<Record<'kept', ShellText>> {
  const files = join(
    names.map(name => sh`${keptFolder(name)}/*.xml`),
    ' ',
  );
  return {
    kept: sh`set -- ${files}
for f do shift; [ ! -e "$f" ] || set -- "$@" "$f"; done
[ $# -eq 0 ] || awk -v mark=${mark} ${raw(`'FNR == 1 { print mark FILENAME } { print }'`)} "$@"`,
  };
}

/** The kept definitions of a domain, the newest first. @throws CannotTell */
export function readKept(answer: Answer, name: string): readonly Kept[] {
  const { stdout } = accept(answer, 'kept', [0], 'awk');
  const all = stdout.split(mark).slice(1);
  return all
    .map(part => ({ file: part.slice(0, part.indexOf('\n')), text: part.slice(part.indexOf('\n') + 1) }))
    .filter(({ file }) => file.startsWith(`${keptFolder(name)}/`))
    .map(({ file, text }) => ({ file, definition: parseXml(text, 'domain', file) }))
    .sort((one, other) => (one.file < other.file ? 1 : -1));
}
