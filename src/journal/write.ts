import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { EventReader, EventStream } from '../events/stream.ts';
import { JournalFault } from './errors.ts';
import { folderOfRun, runFiles, runIds } from './folder.ts';
import { answerOf, SilentDisk, usual, waitText } from './patience.ts';
import { nextId } from './run-id.ts';

/** Who hears of a journal that cannot be written as it should. */
export interface Watcher {
  /** Told once when its disk begins to keep the run waiting. */
  readonly onSlow: (text: string) => void;
  /** Told once, when it cannot be written: from then on nothing may be changed. */
  readonly onFault: (fault: JournalFault) => void;
}

/** The record of one run, as it is written. */
export interface Journal {
  readonly id: string;
  readonly read: EventReader;
  readonly kept: EventStream['kept'];
  /** Writes what is left, and the hash of all of it if nothing is missing. */
  readonly close: () => Promise<void>;
}

/** Bytes that are kept free for what is told of a run after the disk is full. */
const room = 256 * 1024;

/**
 * Begins the journal of a run that begins now. What is told is written in groups: all that came
 * while the disk was busy goes out together, and is forced to it only where someone waits.
 * @param state a folder that has been made by {@link makeRunsFolder}
 * @throws JournalFault
 */
export async function openJournal(state: string, { onSlow, onFault }: Watcher, patience = usual): Promise<Journal> {
  const id = claim(state);
  const folder = folderOfRun(state, id);
  const cannot = `The journal of the run ${id} cannot be written in ${folder}`;
  /** Its disk keeps it waiting. */
  let isSlow = false;
  const file = await answered(begin(folder)).catch(error => {
    if (!(error instanceof SilentDisk)) rmSync(folder, { recursive: true, force: true });
    throw new JournalFault(cannot, error);
  });
  const hash = createHash('sha256');
  let told: string[] = [];
  let waiting: PromiseWithResolvers<void>[] = [];
  let isWriting = false;
  let fault: JournalFault | undefined;
  let isWhole = true;
  /** It was waited for as long as it may be: whoever asked it for more would wait as well. */
  let isSilent = false;

  function failed(error: unknown): void {
    if (error instanceof SilentDisk) isSilent = true;
    if (fault) return;
    fault = new JournalFault(cannot, error);
    if (!isSilent) rmSync(join(folder, runFiles.room), { force: true });
    onFault(fault);
  }
  async function writeGroup(text: string, sync: boolean): Promise<void> {
    const bytes = Buffer.from(text);
    hash.update(bytes);
    for (let at = 0; at < bytes.length; ) {
      try {
        at += (await file.write(bytes, at)).bytesWritten;
      } catch (error) {
        // Once more, in the room that is free now.
        if (fault) throw error;
        failed(error);
      }
    }
    if (sync) await file.datasync();
  }
  async function write(text: string, sync: boolean): Promise<void> {
    if (isSilent) throw new SilentDisk(patience);
    await answered(writeGroup(text, sync));
  }
  /** Of a disk that is slow again and again, the first time is told. */
  async function answered<T>(work: Promise<T>): Promise<T> {
    let waits = false;
    const answer = await answerOf(work, patience, () => {
      waits = true;
      if (!isSlow) onSlow(waitText(folder, patience));
      isSlow = true;
    });
    isSlow = waits;
    return answer;
  }
  async function writeAll(): Promise<void> {
    if (isWriting) return;
    isWriting = true;
    await setImmediate();
    while (told.length + waiting.length > 0) {
      const text = told.join('');
      const asked = waiting;
      told = [];
      waiting = [];
      await write(text, asked.length > 0).catch(error => {
        isWhole = false;
        failed(error);
      });
      for (const { resolve, reject } of asked) fault ? reject(fault) : resolve();
    }
    isWriting = false;
  }
  const read: EventReader = event => {
    told.push(`${JSON.stringify(event)}\n`);
    void writeAll();
  };
  const kept = () => {
    const one = Promise.withResolvers<void>();
    waiting.push(one);
    void writeAll();
    return one.promise;
  };
  async function close(): Promise<void> {
    await kept().catch(() => undefined);
    const closing = file.close();
    if (isSilent) return void closing.catch(() => undefined);
    await answered(closing).catch(error => {
      isWhole = false;
      failed(error);
    });
    if (isSilent) return;
    if (isWhole) seal();
    rmSync(join(folder, runFiles.room), { force: true });
  }
  /** Without all of its events, or with half a hash, a journal would look as if it was edited. */
  function seal(): void {
    const path = join(folder, runFiles.hash);
    try {
      writeFileSync(path, `${hash.digest('hex')}  ${runFiles.events}\n`, { mode: 0o600 });
    } catch (error) {
      rmSync(path, { force: true });
      failed(error);
    }
  }
  return { id, read, kept, close };
}

/** Makes a folder that no other run has. */
function claim(state: string): string {
  for (let tries = 0; ; tries += 1) {
    const id = nextId(new Date(), runIds(state).at(-1));
    try {
      mkdirSync(folderOfRun(state, id), { mode: 0o700 });
      return id;
    } catch (error) {
      // Another run has just begun.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries === 100)
        throw new JournalFault(`No run can be recorded in ${state}`, error);
    }
  }
}

/** Makes the files of a run, so that its folder is there also after a power failure. */
async function begin(folder: string): Promise<FileHandle> {
  writeFileSync(join(folder, runFiles.room), Buffer.alloc(room), { mode: 0o600 });
  const file = await open(join(folder, runFiles.events), 'wx', 0o600);
  const directory = await open(folder, 'r');
  await directory.sync();
  await directory.close();
  return file;
}
