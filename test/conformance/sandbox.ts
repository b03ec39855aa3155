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
import { makeSandbox } from '../sandbox/sandbox.ts';
import { serve } from '../sandbox/serve.ts';
import { type Case, filesOf, type Outcome, playbookOf } from './case.ts';

/** A project, and a place for its effects, both new. */
export type Sandbox = {
  project: string;
  /** What has come of it so far. */
  effects: () => Pick<Outcome, 'files' | 'order'>;
  /** Before another run on the same. */
  forgetOrder: () => void;
  remove: () => Promise<void>;
};

/**
 * Lays a case out: `site.yml`, `inventory` and what else it has. `connection` is what the inventory
 * says of each host.
 */
export async function layOut(given: Case, connection: (host: string) => string): Promise<Sandbox> {
  const root = mkdtempSync(join(tmpdir(), 'hw-conformance-'));
  return given.system ? await onSystem(given, root) : inFolder(given, root, connection);
}

function inFolder(given: Case, root: string, connection: (host: string) => string): Sandbox {
  const effects = join(root, 'effects');
  write(effects, given.before ?? {});
  return {
    project: layOutProject(given, root, connection, effects),
    effects: () => ({ files: snapshot(effects), order: orderOf(readLog(effects)) }),
    forgetOrder: () => rmSync(join(effects, 'log'), { force: true }),
    remove: async () => rmSync(root, { recursive: true, force: true }),
  };
}

async function onSystem(given: Case, root: string): Promise<Sandbox> {
  const system = await makeSandbox('dash', { systemd: given.system === 'systemd' });
  const variables = await serve(system, root);
  system.run(`mkdir -p /srv/case; ${given.ready ?? ''}`);
  const seen = Object.entries(given.sees ?? {});
  return {
    project: layOutProject(given, root, () => variables, '/srv/case'),
    effects: () => ({
      files: Object.fromEntries(seen.map(([name, text]) => [name, system.run(`(${text}\n) || true`)])),
      order: orderOf(system.run('cat /srv/case/log 2>/dev/null || :')),
    }),
    forgetOrder: () => void system.run('rm -f /srv/case/log'),
    async remove() {
      await system.remove();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function layOutProject(given: Case, root: string, connection: (host: string) => string, effects: string): string {
  const project = join(root, 'project');
  const hosts = (given.hosts ?? ['h1']).map(host => `${host} ${connection(host)}\n`);
  const inventory = `${hosts.join('')}${given.inventory ?? ''}\n[all:vars]\nsandbox=${effects}\n`;
  write(project, { 'site.yml': playbookOf(given), inventory, ...filesOf(given) });
  return project;
}

function write(folder: string, files: Record<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Every file of a folder by path: type, mode and content. A backup is NAME.BACKUP. */
function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => relative(folder, path) !== 'log');
  return Object.fromEntries(paths.toSorted().map(path => [nameOf(path, folder), describe(path, folder)]));
}

/** Ansible puts its process id into the name of a backup, and both the time. */
function nameOf(path: string, folder: string): string {
  return relative(folder, path).replace(/(\.\d+)?\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/, '.BACKUP');
}

function describe(path: string, folder: string): string {
  const stat = lstatSync(path);
  const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0');
  if (stat.isSymbolicLink()) return `link to ${readlinkSync(path).replace(folder, 'SANDBOX')}`;
  if (stat.isDirectory()) return `directory ${mode}`;
  const links = stat.nlink > 1 ? ` with ${stat.nlink} links` : '';
  return `file ${mode}${links}: ${readFileSync(path, 'utf8').replaceAll(folder, 'SANDBOX')}`;
}

/** The lines of a log, by the host that they begin with. */
function orderOf(log: string): Record<string, string[]> {
  const order: Record<string, string[]> = {};
  for (const line of log.split('\n').filter(text => text !== '')) {
    const [host, ...words] = line.split(' ');
    order[host!] = [...(order[host!] ?? []), words.join(' ')];
  }
  return order;
}

function readLog(folder: string): string {
  try {
    return readFileSync(join(folder, 'log'), 'utf8');
  } catch {
    return '';
  }
}
