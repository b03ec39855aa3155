import { printable } from './printable.ts';
import type { Reporter } from './reporter.ts';

/** One line at the terminal that says where the look is, gone when it ends. */
export const progress: Reporter = {
  read: event => {
    if (event.type === 'task.started')
      process.stderr.write(`\r\x1b[2K${printable(`${event.host}: ${event.task.role ?? event.task.name}`)} …`);
    if (event.type === 'run.finished') process.stderr.write('\r\x1b[2K');
  },
  close: async () => {},
};
