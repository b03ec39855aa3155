import { entryAt } from '../../host/file/entry.ts';
import { printedHash, required } from '../../host/file/hash.ts';
import { all, type Look, later, map, printed, within } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';

/** What is at a path: of a file with its hash, of a link with what it says and leads to. */
export function statOf(args: Args) {
  const looks = all({
    entry: entryAt(args.path, args),
    checksum: args.get_checksum ? later(checksumOf(args)) : undefined,
    link: later(linkAt(args.path)),
  });
  const seen = map(looks, ({ entry, checksum, link }) => ({
    entry,
    checksum: entry?.kind === 'file' ? checksum?.() : undefined,
    link: entry?.kind === 'link' ? link() : undefined,
  }));
  return within(600, seen);
}

function checksumOf({ path, checksum_algorithm, follow }: Args): Look<string> {
  const link = follow ? sh`` : sh` || [ -L ${path} ]`;
  const program = `${checksum_algorithm}sum`;
  const text = sh`if [ ! -f ${path} ]${link}; then exit 0; fi; ${program} < ${path}`;
  return required(program, path, printedHash(program, text));
}

/** What a link says, and where it leads to in the end. */
function linkAt(path: string) {
  const ask = (text: ShellText) => map(printed('readlink', text), line => line.replace(/\n$/, ''));
  return all({
    target: ask(sh`if [ -L ${path} ]; then readlink -- ${path}; fi`),
    source: ask(sh`if [ -L ${path} ]; then readlink -f -- ${path} || :; fi`),
  });
}
