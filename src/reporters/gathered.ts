import type { Writable } from 'node:stream';
import type { Reporter } from './reporter.ts';

const milliseconds = 20;

/**
 * A reporter whose writes to a stream go out together, those of a moment too short to see: a fleet
 * says something for each task of each host, and each write is a call of the system that wakes a
 * reader.
 */
export function gathered(stream: Writable, make: (write: (text: string) => void) => Reporter): Reporter {
  let waiting = '';
  function flush(): void {
    if (waiting !== '') stream.write(waiting);
    waiting = '';
  }
  function write(text: string): void {
    if (waiting === '') setTimeout(flush, milliseconds);
    waiting += text;
  }
  const { close, read } = make(write);
  // A defect, which is told after this, and a third Ctrl-C end the process before the end of the
  // run.
  for (const end of ['uncaughtExceptionMonitor', 'exit']) process.once(end, flush);
  return {
    read,
    flush,
    close: async () => {
      await close();
      flush();
    },
  };
}
