import { exitCodes, HostwrightError, messageOf } from '../errors.ts';

/** A run cannot be recorded, so that nothing more of it may happen. */
export class JournalFault extends HostwrightError {
  /** @param what could not be done: `The journal of the run k7f2a cannot be written` */
  constructor(what: string, cause: unknown) {
    const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
    super('journal.fault', `${what}: ${messageOf(cause)}`, {
      cause,
      hint: full
        ? 'Make room, or name another folder with --state. --no-journal runs without a record.'
        : 'Name another folder with --state. --no-journal runs without a record.',
      exitCode: exitCodes.journal,
    });
  }
}

/** A recorded run that cannot be used for what is asked. */
export class UnusableRun extends HostwrightError {
  constructor(code: string, message: string, hint?: string) {
    super(`journal.${code}`, message, { ...(hint === undefined ? {} : { hint }), exitCode: exitCodes.usage });
  }
}

/** The error about a journal that somebody has changed. */
export function editedRun(id: string): UnusableRun {
  const message = `The journal of the run ${id} was changed after the run: it is not what was done.`;
  return new UnusableRun('edited', message);
}
