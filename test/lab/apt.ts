import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from './execute.ts';

/**
 * How this machine reaches Debian: taken from its own apt configuration, so that the build works
 * where apt does.
 */
export type AptAccess = {
  mirror: string;
  keyring: string;
  /** Lines of apt.conf for the system being built: proxies and certificates. */
  configuration: string;
  /** Files that the configuration names. */
  files: string[];
  /** The proxies, as wget reads them: debootstrap downloads with it. */
  environment: Record<string, string>;
  /** The file of the certificate authority, where the machine has one of its own. */
  authority: string | undefined;
};

const archiveKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Reads the machine's apt configuration. */
export async function aptAccess(suite: string): Promise<AptAccess> {
  const mirror = await findMirror(suite);
  const dump = (await execute('apt-config', ['dump'])).stdout;
  const lines = dump.split('\n').filter(line => /^Acquire::(https?::|Check-|Retries)/.test(line));
  const value = (key: string) => lines.find(line => line.startsWith(`${key} "`))?.slice(key.length + 2, -2);
  const proxy = { http: value('Acquire::http::Proxy'), https: value('Acquire::https::Proxy') };
  const authority = value('Acquire::https::CAInfo');
  const environment: Record<string, string> = {};
  if (proxy.http && proxy.http !== 'DIRECT') environment.http_proxy = proxy.http;
  if (proxy.https && proxy.https !== 'DIRECT') environment.https_proxy = proxy.https;
  const files = lines.flatMap(line => line.match(/"(\/[^"]+)"/)?.[1] ?? []).filter(file => existsSync(file));
  return { mirror, keyring: findKeyring(mirror), configuration: lines.join('\n'), files, environment, authority };
}

/**
 * The mirror of the suite, else the one of another Debian suite (they lie side by side), else
 * Debian's own.
 */
async function findMirror(suite: string): Promise<string> {
  const format = '$(CODENAME) $(REPO_URI)';
  const filter = ['Created-By: Packages', 'Component: main'];
  const { stdout } = await execute('apt-get', ['indextargets', '--format', format, ...filter]);
  const found = stdout.split('\n').map(line => line.split(' '));
  const debian = found.filter(([, uri]) => /^https?:.*\/debian\/?$/.test(uri ?? ''));
  const [, uri] = debian.find(([codename]) => codename === suite) ?? debian[0] ?? [];
  return (uri ?? 'http://deb.debian.org/debian').replace(/\/$/, '');
}

/**
 * The keyring that the machine's sources name for the mirror; else Debian's own. Signatures are
 * always verified.
 */
function findKeyring(mirror: string): string {
  const folder = '/etc/apt/sources.list.d';
  const names = existsSync(folder) ? readdirSync(folder).map(name => join(folder, name)) : [];
  for (const name of ['/etc/apt/sources.list', ...names]) {
    if (!existsSync(name)) continue;
    const text = readFileSync(name, 'utf8');
    const keyring = text.match(/signed-by[:=]\s*(\/[^\s\]]+\.gpg)/i)?.[1];
    if (text.includes(mirror) && keyring && existsSync(keyring)) return keyring;
  }
  return archiveKeyring;
}
