import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type Case, filesOf, playbookOf } from './case.ts';

/** A project and a folder for its effects, both new. */
export type Sandbox = { project: string; effects: string; remove: () => void };

/** Lays a case out: `site.yml`, `inventory` and what else it has. `connection` is what the inventory says of each host. */
export function layOut(given: Case, connection: (host: string) => string): Sandbox {
  const root = mkdtempSync(join(tmpdir(), 'hw-conformance-'));
  const [project, effects] = [join(root, 'project'), join(root, 'effects')];
  const hosts = (given.hosts ?? ['h1']).map(host => `${host} ${connection(host)}\n`);
  const inventory = `${hosts.join('')}${given.inventory ?? ''}\n[all:vars]\nsandbox=${effects}\n`;
  write(project, { 'site.yml': playbookOf(given), inventory, ...filesOf(given) });
  write(effects, given.before ?? {});
  return { project, effects, remove: () => rmSync(root, { recursive: true, force: true }) };
}

function write(folder: string, files: Record<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Every file of a folder by path: type, mode and content. Backups are named after the time and the tool, and stand as one. */
export function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => relative(folder, path) !== 'log');
  return Object.fromEntries(paths.toSorted().map(path => [relative(folder, path), describe(path, folder)]));
}

function describe(path: string, folder: string): string {
  const stat = lstatSync(path);
  const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0');
  if (stat.isSymbolicLink()) return `link to ${readlinkSync(path).replace(folder, 'SANDBOX')}`;
  if (stat.isDirectory()) return `directory ${mode}`;
  const links = stat.nlink > 1 ? ` with ${stat.nlink} links` : '';
  return `file ${mode}${links}: ${readFileSync(path, 'utf8').replaceAll(folder, 'SANDBOX')}`;
}

/** The lines of `log`, by the host that they begin with. */
export function orderOf(folder: string): Record<string, string[]> {
  const order: Record<string, string[]> = {};
  for (const line of readLog(folder)) {
    const [host, ...words] = line.split(' ');
    order[host!] = [...(order[host!] ?? []), words.join(' ')];
  }
  return order;
}

function readLog(folder: string): string[] {
  try {
    return readFileSync(join(folder, 'log'), 'utf8')
      .split('\n')
      .filter(line => line !== '');
  } catch {
    return [];
  }
}
