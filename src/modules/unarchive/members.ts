import { CannotTell } from '../../shell/answer.ts';

type MemberKind = 'file' | 'directory' | 'link' | 'hard' | 'other';

/** What an archive holds under a name. */
export interface Member {
  /** As the archive has it. */
  readonly name: string;
  readonly kind: MemberKind;
  /** Bytes; of a symbolic link those of its target. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly modified: number;
  /** What a link says. */
  readonly target?: string;
}

const kinds: Readonly<Record<string, MemberKind>> = { '-': 'file', '?': 'file', d: 'directory', l: 'link', h: 'hard' };

/**
 * Reads what tar lists.
 * @param escaped names are escaped as GNU's tar does
 * @throws CannotTell for a line that is none of a member
 */
export function readTar(text: string, escaped: boolean): readonly Member[] {
  return linesOf(text).map(line => {
    const [, letter, size, day, time, rest] =
      /^([-dlhbcpsC])\S+ +\S+ +(\d+|\d+,\d+) (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? (.+)$/.exec(line) ?? [];
    if (letter === undefined || rest === undefined) throw unreadable('tar', line);
    const linked = letter === 'l' || letter === 'h' || (!escaped && letter === '-');
    const parts = linked ? rest.split(letter === 'h' ? ' link to ' : ' -> ') : [rest];
    const [name = '', target, ...more] = parts.map(part => (escaped ? unquote(part) : part));
    // The places are asked for by lines of names.
    if (more.length > 0 || name.includes('\n')) throw unreadable('tar', line);
    const kind = letter === '-' && target !== undefined ? 'hard' : (kinds[letter] ?? 'other');
    return {
      name,
      kind,
      size: kind === 'link' ? Buffer.byteLength(target ?? '') : Number(size),
      modified: Date.parse(`${day}T${time}Z`) / 1000,
      ...(target !== undefined && { target }),
    };
  });
}

/** Reads what `unzip -Z` lists. @throws CannotTell for a line that is none of a member */
export function readZip(text: string): readonly Member[] {
  const lines = linesOf(text).filter(line => !/^(Archive: |Zip file size: |\d+ files?, )/.test(line));
  return lines.map(line => {
    const [, letter = '', size, day, time, name] =
      /^([-dl?])\S+ +\S+ +\S+ +(\d+) +\S+ +\S+ +(\d{8})\.(\d{6}) (.+)$/.exec(line) ?? [];
    const kind = name?.endsWith('/') ? 'directory' : kinds[letter];
    if (name === undefined || kind === undefined) throw unreadable('unzip', line);
    const moment = `${day}${time}`.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6Z');
    return { name, kind, size: Number(size), modified: Date.parse(moment) / 1000 };
  });
}

/** The path of a member below the directory; '' for the directory itself. */
export function placeOf(name: string): string {
  return name
    .split('/')
    .filter(part => part !== '' && part !== '.')
    .join('/');
}

/**
 * A member that would land outside of the directory: by its own path, or through a link that the
 * archive brings.
 */
export function escaping(members: readonly Member[]): Member | undefined {
  const links = new Set(members.filter(({ kind }) => kind === 'link').map(({ name }) => placeOf(name)));
  return members.find(({ name, kind, target }) => {
    const paths = kind === 'hard' && target !== undefined ? [name, target] : [name];
    if (paths.some(path => path.startsWith('/') || path.split('/').includes('..'))) return true;
    const parts = placeOf(name).split('/');
    return parts.some((_, at) => at > 0 && links.has(parts.slice(0, at).join('/')));
  });
}

/** @throws CannotTell where the last line was cut off: an answer has 16 MiB */
export function linesOf(text: string): readonly string[] {
  if (text === '' || text.endsWith('\n')) return text.split('\n').slice(0, -1);
  throw new CannotTell('the archive has more members than an answer of 16 MiB holds', {
    advice: 'Say creates, or unpack it with command.',
  });
}

const signs: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** Undoes GNU's quoting style `escape`: bytes as `\303`, signs as `\n`, a backslash as `\\`. */
function unquote(text: string): string {
  const bytes = [...text.matchAll(/\\([0-7]{3}|[\s\S])|[^\\]+/g)].flatMap(([piece, sign]) => {
    if (sign === undefined) return [...Buffer.from(piece)];
    if (sign.length === 3) return [Number.parseInt(sign, 8)];
    return signs[sign] === undefined ? [...Buffer.from(sign)] : [signs[sign]];
  });
  return Buffer.from(bytes).toString();
}

function unreadable(program: string, line: string): CannotTell {
  return new CannotTell(`${program} printed a line that cannot be read: ${JSON.stringify(line)}`, {
    advice: 'Say creates, or unpack it with command.',
  });
}
