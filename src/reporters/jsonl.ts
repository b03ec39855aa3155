import type { Reporter } from './reporter.ts';

/** The events themselves, one JSON object a line: for programs, and to be read again later. */
export function jsonlReporter(write: (text: string) => void): Reporter {
  return { read: event => write(`${JSON.stringify(event)}\n`), close: async () => undefined };
}
