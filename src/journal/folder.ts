import { randomBytes } from 'node:crypto';
import { linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { exitCodes, HostwrightError, messageOf } from '../errors.ts';
import { JournalFault, UnusableRun } from './errors.ts';
import { isRunId } from './run-id.ts';

/** What the folder of a run holds. */
export const runFiles = {
  /** The events of the run, a line each. */
  events: 'events.jsonl',
  /** The hash of the events of a run that ended, as sha256sum writes and checks it. */
  hash: 'events.sha256',
  /** Takes up the space that the last events need where the disk is full. */
  room: 'room',
} as const;

/**
 * The folder of what Hostwright keeps of its runs: the one that is given, else the one that the XDG
 * base directory specification gives it, in which relative paths do not count.
 */
export function stateFolder(given: string | undefined): string {
  const { XDG_STATE_HOME: home = '' } = process.env;
  return given ?? join(isAbsolute(home) ? home : join(homedir(), '.local', 'state'), 'hostwright');
}

/** The folder of a run. */
export function folderOfRun(state: string, id: string): string {
  return join(runsFolder(state), id);
}

/**
 * The ids of the recorded runs, oldest first.
 * @throws HostwrightError `journal.foreign`, UnusableRun where the folder cannot be read
 */
export function runIds(state: string): readonly string[] {
  const folder = runsFolder(state);
  try {
    const there = lstatSync(folder, { throwIfNoEntry: false });
    if (!there) return [];
    refuseForeign(folder);
    return readdirSync(folder).filter(isRunId).toSorted();
  } catch (error) {
    if (error instanceof HostwrightError) throw error;
    throw new UnusableRun('unreadable', `The folder of runs ${folder} cannot be read: ${messageOf(error)}`, another);
  }
}

/**
 * Makes the folder of runs, for this user alone.
 * @throws JournalFault, HostwrightError `journal.foreign`
 */
export function makeRunsFolder(state: string): void {
  try {
    makeFolder(runsFolder(state));
  } catch (error) {
    throw new JournalFault(`Runs cannot be recorded in ${state}`, error);
  }
  refuseForeign(runsFolder(state));
}

/** With `recursive` alone, node says of a read-only file system that the folder is not there. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT') throw error;
    makeFolder(dirname(folder));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
}

/**
 * The key of the hashes of inputs: who reads a journal without it cannot try what an input may have
 * been. It is made once, whole, also where two runs begin together.
 * @throws JournalFault
 */
export function hashKey(state: string): Buffer {
  const file = join(state, 'key');
  const known = readKey(file);
  if (known) return known;
  const part = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(part, randomBytes(32), { flag: 'wx', mode: 0o600 });
    linkSync(part, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new JournalFault(`The key of hashes cannot be written in ${state}`, error);
  } finally {
    rmSync(part, { force: true });
  }
  return hashKey(state);
}

function readKey(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new JournalFault(`The key of hashes ${file} cannot be read`, error);
  }
}

function runsFolder(state: string): string {
  return join(state, 'runs');
}

/** Who else may write the folder could make up runs; a link could lead anywhere. */
function refuseForeign(folder: string): void {
  const found = lstatSync(folder);
  const why = whyForeign(folder, found);
  if (why === undefined) return;
  throw new HostwrightError('journal.foreign', `The folder of runs ${folder} is not used: ${why}.`, {
    hint: another,
    exitCode: exitCodes.usage,
  });
}

const another = 'Name a folder of your own with --state.';

function whyForeign(folder: string, found: ReturnType<typeof lstatSync>): string | undefined {
  if (!found?.isDirectory()) return 'it is not a directory';
  if (found.uid !== process.getuid?.()) return `it belongs to user ${found.uid}`;
  return (Number(found.mode) & 0o022) === 0 ? undefined : `other users may write it: chmod 700 ${folder}`;
}
