import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import type { NumberedEvent } from '../events/event.ts';
import type { EventReader } from '../events/stream.ts';
import { UnusableRun } from './errors.ts';
import { folderOfRun, runFiles } from './folder.ts';

/** In what condition a journal is. */
export interface Condition {
  /** Its last line is not whole, or its last event is missing: the run was killed, or goes on. */
  readonly cut: boolean;
  /** Somebody has changed it since it was written. */
  readonly edited: boolean;
}

/** The version of the format of events that this program reads. */
const version = 1;

/**
 * Reads the events of a recorded run, in their order.
 * @throws UnusableRun where there is no journal, it cannot be read, belongs to another user, or is
 * of a version that is not known
 */
export async function readJournal(state: string, id: string, read: EventReader): Promise<Condition> {
  const folder = folderOfRun(state, id);
  const file = await openEvents(folder, id);
  const hash = createHash('sha256');
  let last: NumberedEvent | undefined;
  let broken = false;
  try {
    for await (const line of lines(file.createReadStream({ encoding: 'utf8', autoClose: false }))) {
      hash.update(line);
      const event = eventIn(line);
      if (!event || broken || event.seq !== (last?.seq ?? 0) + 1) {
        broken = true;
        continue;
      }
      if (event.type === 'run.started') refuseVersion(event, id);
      read(event);
      last = event;
    }
  } catch (error) {
    // What a reader throws has no such code.
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : cannotRead(id, error);
  } finally {
    await file.close();
  }
  const sealed = sealOf(folder);
  return {
    cut: last?.type !== 'run.finished',
    edited: sealed !== undefined && sealed !== hash.digest('hex'),
  };
}

/** Cuts a stream of text into lines with their ends; the last one may have none. */
async function* lines(chunks: AsyncIterable<unknown>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const parts = `${rest}${chunk}`.split(/(?<=\n)/);
    rest = parts.at(-1)?.endsWith('\n') ? '' : (parts.pop() ?? '');
    yield* parts;
  }
  if (rest !== '') yield rest;
}

async function openEvents(folder: string, id: string): Promise<FileHandle> {
  const path = join(folder, runFiles.events);
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw cannotRead(id, error);
  }
  const { uid } = await file.stat();
  if (uid === process.getuid?.()) return file;
  await file.close();
  throw new UnusableRun('foreign', `The journal of the run ${id} belongs to user ${uid}: ${path}`);
}

function cannotRead(id: string, error: unknown): UnusableRun {
  return new UnusableRun('unreadable', `The journal of the run ${id} cannot be read: ${messageOf(error)}`);
}

/** The event of a line; undefined where it is none. */
function eventIn(line: string): NumberedEvent | undefined {
  try {
    const value = JSON.parse(line) as NumberedEvent | null;
    return typeof value?.type === 'string' && typeof value.seq === 'number' ? value : undefined;
  } catch {
    return undefined;
  }
}

function refuseVersion({ version: found }: { readonly version: number }, id: string): void {
  if (found === version) return;
  throw new UnusableRun(
    'version',
    `The journal of the run ${id} has version ${found} of the format, and this Hostwright reads version ${version}.`,
    'Read it with the Hostwright that wrote it, or a newer one.',
  );
}

/** The hash of the events of a run that ended, as it was then. */
function sealOf(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, runFiles.hash), 'utf8').slice(0, 64);
  } catch {
    return undefined;
  }
}
