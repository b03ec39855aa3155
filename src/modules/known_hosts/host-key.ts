import { createHmac } from 'node:crypto';
import { bare, insertLines, lineEnd, splitLines } from '../../host/lines/text.ts';
import { typeIn } from '../../host/ssh/public-key.ts';

/** A line of known_hosts, sshd(8). */
export interface HostKey {
  /** `@revoked` or `@cert-authority`. */
  readonly marker: string | undefined;
  /** Names and patterns with commas between them, or one hashed name; '' where none is given. */
  readonly hosts: string;
  readonly type: string;
  /** The key itself in base64. */
  readonly blob: string;
  /** A comment with the blanks before it. */
  readonly rest: string;
}

const hostLine = /^\s*(?:(@\S+)\s+)?(?:(\S+)\s+)??([a-z][a-z0-9@.-]+)\s+(AAAA[A-Za-z0-9+/]+=*)(\s.*?)?\s*$/;

/** The key of a line; undefined for blank lines, comments and what no key is. */
export function parseHostKey(line: string): HostKey | undefined {
  const [, marker, hosts = '', type, blob, rest = ''] = hostLine.exec(bare(line)) ?? [];
  if (type === undefined || blob === undefined || /^\s*#/.test(line) || typeIn(blob) !== type) return undefined;
  return { marker, hosts, type, blob, rest };
}

/**
 * True if the line is about exactly this name, plainly or hashed; patterns are about more, and are
 * left alone.
 */
export function isNamed({ hosts }: HostKey, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|([^|]+)$/.exec(hosts) ?? [];
  if (salt !== undefined) return hashOf(name, Buffer.from(salt, 'base64')) === hash;
  return hosts.split(',').some(one => sameName(one, name));
}

/** The name as ssh(1) hashes it. */
export function hashName(name: string, salt: Uint8Array): string {
  return `|1|${Buffer.from(salt).toString('base64')}|${hashOf(name, salt)}`;
}

/**
 * The text with these keys of a host, one of each type: another key of a type has to go, and that
 * of a type which is not given stays.
 * @param salt hashes the name of the host where it is not yet
 */
export function withHostKeys(
  text: string,
  name: string,
  keys: readonly HostKey[],
  salt: Uint8Array | undefined,
): string {
  const written = salt ? hashName(name, salt) : name;
  const lines = splitLines(text);
  const missing = new Map(keys.filter(key => !lines.some(line => isRight(line, key))).map(key => [key.type, key]));
  const kept = lines.flatMap(line => {
    const there = parseHostKey(line);
    const key = keys.find(one => one.type === there?.type);
    if (!there || !key || there.marker || !isNamed(there, name) || isRight(line, key)) return [line];
    const others = withoutName(there, name);
    if (others !== undefined) return [others + lineEnd([line])];
    if (!missing.delete(key.type)) return [];
    const hosts = there.hosts.startsWith('|') ? there.hosts : written;
    return [`${hosts} ${key.type} ${key.blob}${line.slice(bare(line).length)}`];
  });
  const added = [...missing.values()].map(({ type, blob }) => `${written} ${type} ${blob}${lineEnd(lines)}`);
  return (added.length === 0 ? kept : insertLines(kept, kept.length, added)).join('');

  function isRight(line: string, key: HostKey): boolean {
    const there = parseHostKey(line);
    if (!there || there.marker || there.blob !== key.blob || !isNamed(there, name)) return false;
    return !salt || there.hosts.startsWith('|');
  }
}

/** The text without the host, or without those of its keys. */
export function withoutHost(text: string, name: string, keys: readonly HostKey[]): string {
  const lines = splitLines(text).flatMap(line => {
    const there = parseHostKey(line);
    const meant = keys.length === 0 || keys.some(key => key.blob === there?.blob);
    if (!there || there.marker || !meant || !isNamed(there, name)) return [line];
    const others = withoutName(there, name);
    return others === undefined ? [] : [others + lineEnd([line])];
  });
  return lines.join('');
}

/** A line may be about several names, whose key it remains. */
function withoutName({ hosts, type, blob, rest }: HostKey, name: string): string | undefined {
  if (hosts.startsWith('|')) return undefined;
  const others = hosts.split(',').filter(one => !sameName(one, name));
  return others.length === 0 ? undefined : `${others.join(',')} ${type} ${blob}${rest}`;
}

function sameName(one: string, name: string): boolean {
  return one.toLowerCase() === name.toLowerCase();
}

function hashOf(name: string, salt: Uint8Array): string {
  return createHmac('sha1', salt).update(name.toLowerCase()).digest('base64');
}
