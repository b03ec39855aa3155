import type { RunEvent } from '../../events/event.ts';
import type { Heard } from '../../shell/frame.ts';
import { createLatestLines } from './latest-lines.ts';

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

/**
 * Gathers what a task prints and tells it each second, by whole lines: a secret that was cut in two
 * would not be recognised.
 */
export function hearPrinted(tell: (lines: PrintedLines) => void): Printed {
  const streams = { stdout: createLatestLines(), stderr: createLatestLines() };
  let timer: NodeJS.Timeout | undefined;
  let begun = false;

  function tellAll(): void {
    begun = true;
    for (const stream of ['stdout', 'stderr'] as const) {
      const { lines, dropped } = streams[stream].take();
      if (lines.length + dropped > 0) tell({ stream, text: lines.join('\n'), dropped });
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
