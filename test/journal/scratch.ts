import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NumberedEvent } from '../../src/events/event.ts';
import { folderOfRun, runFiles } from '../../src/journal/folder.ts';

/** A state folder that is made again for each test of a suite; gives its path. */
export function scratch(): () => string {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-journal-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}

/** Does something while a file system in memory is mounted on a folder. */
export async function mounted(folder: string, options: string, act: () => Promise<void>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  try {
    await act();
  } finally {
    execFileSync('umount', ['-l', folder]);
  }
}

/** The file of the events of a run. */
export function eventsFile(state: string, id: string): string {
  return join(folderOfRun(state, id), runFiles.events);
}

/** The events of a run, each of which must be a whole line. */
export function eventsIn(state: string, id: string): readonly NumberedEvent[] {
  const lines = readFileSync(eventsFile(state, id), 'utf8').split(/(?<=\n)/);
  return lines.map(line => {
    if (!line.endsWith('\n')) throw new Error(`not a whole line: ${line.slice(-100)}`);
    return JSON.parse(line) as NumberedEvent;
  });
}

/** Runs a piece of code in a process of its own, with the functions of src/journal as `journal`. */
export function startScript(code: string) {
  const source = join(import.meta.dirname, '../../src/journal');
  const text = `
const files = ['folder', 'write'];
const journal = Object.assign({}, ...(await Promise.all(files.map(name => import('${source}/' + name + '.ts')))));
${code}`;
  return spawn(process.execPath, ['--input-type=module', '--eval', text], { stdio: ['ignore', 'pipe', 'inherit'] });
}
