import { CannotTell } from '../../shell/answer.ts';
import { all, type Look, later, map, own, printed } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { type Entry, entryAt } from './entry.ts';

/** The hash that a program like sha256sum prints, lower-case hex; undefined where it prints none. */
export function printedHash(program: string, text: ShellText): Look<string | undefined> {
  return map(printed(program, text), line => /^[0-9a-f]+(?= )/.exec(line)?.[0]);
}

/** As {@link printedHash}, of sha256sum. */
export function sha256(text: ShellText): Look<string | undefined> {
  return map(printedHash('sha256sum', text), hash => (hash?.length === 64 ? hash : undefined));
}

/** The same hash, of a file that is there. @throws CannotTell where none is printed */
export function required(program: string, path: string, hash: Look<string | undefined>): Look<string> {
  return map(hash, found => {
    if (found === undefined) throw new CannotTell(`${program} printed no hash of ${path}`);
    return found;
  });
}

type File = Entry & { readonly kind: 'file'; readonly sha256: string };
type Other = Entry & { readonly kind: Exclude<Entry['kind'], 'file'> };

/** What is at a path, links followed: a file with its SHA-256, something else, or nothing. */
export function hashedFile(path: string): Look<File | Other | undefined> {
  const hash = required('sha256sum', path, sha256(sh`if [ -f ${path} ]; then sha256sum < ${path}; fi`));
  const looks = all({ [own]: entryAt(path, { follow: true }), hash: later(hash) });
  return map(looks, ({ [own]: entry, hash }) => {
    if (!entry) return undefined;
    const { kind, ...rest } = entry;
    return kind === 'file' ? { ...rest, kind, sha256: hash() } : { ...rest, kind };
  });
}
