import { createHash, createHmac } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../errors.ts';
import { quote } from '../shell/quote.ts';
import { Unreachable } from './errors.ts';

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
interface KnownHost {
  readonly marker: '@revoked' | '@cert-authority' | undefined;
  readonly patterns: string;
  readonly type: string;
  readonly key: string;
  readonly file: string;
  readonly line: number;
}

export type HostKeyVerdict =
  | { readonly kind: 'known' }
  /** `authority`: the line of a certificate authority that the host's certificate may be of. */
  | { readonly kind: 'unknown'; readonly authority?: string }
  | { readonly kind: 'revoked'; readonly at: string }
  | { readonly kind: 'changed'; readonly at: string };

export interface KnownHosts {
  /**
   * Compares a host's key (as it came in the handshake) with the files. A revoked key is revoked
   * for every host that its line names.
   */
  readonly verdict: (name: string, key: Uint8Array) => HostKeyVerdict;
  /** Key types that are known of a host, to ask for these first. */
  readonly typesOf: (name: string) => readonly string[];
}

/** How known_hosts names a host: `[host]:port` unless the port is 22. */
export function knownHostName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/**
 * Reads known_hosts files; those that are not there are passed over.
 * @throws Unreachable for one that cannot be read
 */
export function readKnownHosts(files: readonly string[]): KnownHosts {
  const found = files.filter(existsSync).map(readFile);
  const entriesOf = (name: string) => found.flatMap(({ entriesFor }) => entriesFor(name));
  return {
    verdict: (name, key) => {
      const encoded = Buffer.from(key).toString('base64');
      const own = entriesOf(name);
      const revoked = own.find(entry => entry.marker === '@revoked' && entry.key === encoded);
      if (revoked) return { kind: 'revoked', at: `${revoked.file}:${revoked.line}` };
      const plain = own.filter(({ marker }) => marker === undefined);
      if (plain.some(entry => entry.key === encoded)) return { kind: 'known' };
      const type = keyType(key);
      const other = plain.find(entry => entry.type === type) ?? plain[0];
      if (other) return { kind: 'changed', at: `${other.file}:${other.line}` };
      const authority = own.find(({ marker }) => marker === '@cert-authority');
      return { kind: 'unknown', ...(authority && { authority: `${authority.file}:${authority.line}` }) };
    },
    typesOf: name =>
      entriesOf(name)
        .filter(({ marker }) => marker === undefined)
        .map(({ type }) => type),
  };
}

interface KnownHostsFile {
  /** The lines that name a host, in their order. */
  readonly entriesFor: (name: string) => readonly KnownHost[];
}

const read = new Map<string, { readonly version: string; readonly content: KnownHostsFile }>();

/** Each version of a file is read once: a fleet has as many lines as hosts, and every host asks. */
function readFile(file: string): KnownHostsFile {
  const status = statSync(file);
  // To read a pipe would wait for somebody who writes.
  if (!status.isFile()) throw unreadable(file, 'it is not a file');
  const version = `${status.size} ${status.mtimeMs}`;
  const known = read.get(file);
  if (known?.version === version) return known.content;
  const content = indexed(parse(textOf(file), file));
  read.set(file, { version, content });
  return content;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unreadable(file, messageOf(cause));
  }
}

function unreadable(file: string, why: string): Unreachable {
  return new Unreachable('hostkey.file', `The known_hosts file ${file} cannot be read: ${why}.`, {
    hint: 'Name another with ansible_ssh_known_hosts_file, or with UserKnownHostsFile in the ssh configuration.',
  });
}

/** Plain names are looked up; only lines with patterns and hashes are compared one by one. */
function indexed(entries: readonly KnownHost[]): KnownHostsFile {
  const byName = new Map<string, KnownHost[]>();
  const others: KnownHost[] = [];
  for (const entry of entries) {
    const names = entry.patterns.toLowerCase().split(',');
    if (/[|*?!]/.test(entry.patterns)) others.push(entry);
    else for (const name of names) byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  return {
    entriesFor: name =>
      [...(byName.get(name) ?? []), ...others.filter(({ patterns }) => matches(patterns, name))].toSorted(
        (one, two) => one.line - two.line,
      ),
  };
}

function parse(text: string, file: string): readonly KnownHost[] {
  return text.split('\n').flatMap((content, at) => {
    if (content.trim() === '' || content.trimStart().startsWith('#')) return [];
    const fields = content.trim().split(/\s+/);
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
    const [patterns, type, key] = fields;
    if (patterns === undefined || type === undefined || key === undefined) return [];
    return [{ marker: marker as KnownHost['marker'], patterns, type, key, file, line: at + 1 }];
  });
}

/** Plain names with `*` and `?`, `!` for "not", or one hashed name (`|1|salt|hash`, HMAC-SHA1). */
function matches(patterns: string, name: string): boolean {
  if (patterns.startsWith('|1|')) {
    const [, , salt = '', hash] = patterns.split('|');
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  }
  const list = patterns.toLowerCase().split(',');
  if (list.some(pattern => pattern.startsWith('!') && wildcard(pattern.slice(1), name))) return false;
  return list.some(pattern => !pattern.startsWith('!') && wildcard(pattern, name));
}

function wildcard(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}

/** The type that a public key blob begins with. */
export function keyType(key: Uint8Array): string {
  const bytes = Buffer.from(key);
  return bytes.toString('latin1', 4, 4 + bytes.readUInt32BE(0));
}

/** `SHA256:…` as ssh-keygen -l shows it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/**
 * Adds a host's key to a file: the choice `accept-new`. Synchronous, so that two hosts never write
 * at once.
 */
export function rememberHost(file: string, name: string, key: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const line = `${name} ${keyType(key)} ${Buffer.from(key).toString('base64')}\n`;
  appendFileSync(file, before === '' || before.endsWith('\n') ? line : `\n${line}`, { mode: 0o600 });
}

/** The command that takes the keys of a host out of the file of a line, `at` as file:line. */
export function removeKeyCommand(name: string, at: string): string {
  return `ssh-keygen -R ${quote(name)} -f ${quote(at.replace(/:\d+$/, ''))}`;
}

/** The command that adds a host's key to a file, whose folder it makes where that is missing. */
export function addKeyCommand(host: string, port: number, file: string): string {
  const folder = dirname(file);
  const make = existsSync(folder) ? '' : `mkdir -p -m 700 ${quote(folder)} && `;
  return `${make}ssh-keyscan ${port === 22 ? '' : `-p ${port} `}${quote(host)} >>${quote(file)}`;
}
