import { StringDecoder } from 'node:string_decoder';
import type { RunEvent } from '../events/event.ts';
import type { Heard } from '../shell/frame.ts';

/** Listens to what a task prints while it is at work. */
export interface Printed {
  readonly heard: Heard;
  /** The task is through: what was not told yet is told, if anything was. */
  readonly end: () => void;
}

/** Lines that a task has printed on one of its streams. */
export type PrintedLines = Pick<Extract<RunEvent, { type: 'task.output' }>, 'stream' | 'text' | 'dropped'>;

/** Milliseconds between two tellings; a task that takes less has told all of it in its result. */
const pause = 1_000;
/** Letters that are told at once: the last ones (DESIGN 11). */
const most = 64 * 1024;

/**
 * Gathers what a task prints and tells it each second, by whole lines: a secret that was cut in two
 * would not be recognised.
 */
export function hearPrinted(tell: (lines: PrintedLines) => void): Printed {
  const streams = { stdout: createLines(), stderr: createLines() };
  let timer: NodeJS.Timeout | undefined;
  let begun = false;

  function tellAll(): void {
    begun = true;
    for (const stream of ['stdout', 'stderr'] as const) {
      const { lines, dropped } = streams[stream].take();
      if (lines.length > 0) tell({ stream, text: lines.join('\n'), dropped });
    }
  }
  return {
    heard: (stream, bytes) => {
      timer ??= setInterval(tellAll, pause).unref();
      streams[stream].add(bytes);
    },
    end: () => {
      clearInterval(timer);
      for (const { end } of Object.values(streams)) end();
      if (begun) tellAll();
    },
  };
}

interface Lines {
  readonly add: (bytes: Uint8Array) => void;
  /** No other bytes come: what is there is a line. */
  readonly end: () => void;
  /** The lines since the last time that are whole, the latest of them, and how many were dropped. */
  readonly take: () => { readonly lines: readonly string[]; readonly dropped: number };
}

function createLines(): Lines {
  const decoder = new StringDecoder();
  let lines: string[] = [];
  let length = 0;
  let dropped = 0;
  let begun = '';
  let isTooLong = false;

  function keep(line: string): void {
    lines.push(line);
    length += line.length;
    while (length > most) {
      length -= lines.shift()?.length ?? 0;
      dropped += 1;
    }
  }
  function grow(text: string): void {
    begun += text;
    if (begun.length > most) begun = begun.slice(begun.lastIndexOf('\r') + 1);
    if (begun.length <= most) return;
    begun = '';
    isTooLong = true;
  }
  function endLine(): void {
    if (isTooLong) dropped += 1;
    else keep(lastWritten(begun) ?? '');
    begun = '';
    isTooLong = false;
  }
  return {
    add: bytes => {
      const [first = '', ...others] = decoder.write(bytes as Buffer).split('\n');
      grow(first);
      for (const text of others) {
        endLine();
        grow(text);
      }
    },
    end: () => {
      if (begun !== '' || isTooLong) endLine();
    },
    take: () => {
      const at = begun.lastIndexOf('\r');
      const progress = lastWritten(begun.slice(0, Math.max(at, 0)));
      if (progress !== undefined) keep(progress);
      begun = begun.slice(at + 1);
      const taken = { lines, dropped };
      [lines, length, dropped] = [[], 0, 0];
      return taken;
    },
  };
}

/** What a terminal would show of a line whose beginnings are written over: the last of them. */
function lastWritten(text: string): string | undefined {
  return text.split('\r').findLast(part => part !== '');
}
