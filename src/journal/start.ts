import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { RunStart } from '../events/run-start.ts';
import { folderOfRun, runFiles } from './folder.ts';

/** Bytes that are read at a time, and that a first line may have. */
const piece = 64 * 1024;
const longest = 64 * 2 ** 20;

/**
 * What a recorded run began with, without the rest of its journal: enough to tell whether that is
 * of interest. Undefined where it cannot be read, belongs to another user, or has not begun.
 */
export function startOf(state: string, id: string): RunStart | undefined {
  try {
    const event = JSON.parse(firstLine(join(folderOfRun(state, id), runFiles.events))) as Partial<RunStart> | null;
    return event?.version === 1 && Array.isArray(event.hosts) ? (event as RunStart) : undefined;
  } catch {
    return undefined;
  }
}

function firstLine(path: string): string {
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).uid !== process.getuid?.()) return '';
    const pieces: Buffer[] = [];
    for (let at = 0; at < longest; at += piece) {
      const buffer = Buffer.alloc(piece);
      const found = buffer.subarray(0, readSync(file, buffer, 0, piece, at));
      const end = found.indexOf('\n');
      pieces.push(end < 0 ? found : found.subarray(0, end));
      if (end >= 0 || found.length < piece) break;
    }
    return Buffer.concat(pieces).toString();
  } finally {
    closeSync(file);
  }
}
