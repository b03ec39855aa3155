import { exitCodes, HostwrightError } from '../errors.ts';
import { keptBytes } from '../shell/frame.ts';

/** The host could not be reached, or not be logged in to: nothing was run on it. */
export class Unreachable extends HostwrightError {
  constructor(code: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(code, message, { ...options, exitCode: exitCodes.unreachable });
    this.name = 'Unreachable';
  }
}

/**
 * The host was reached, and its user could not become another: only what needs that cannot be done.
 */
export class NotBecome extends HostwrightError {
  constructor(code: `become.${string}`, message: string, hint: string) {
    super(code, message, { hint });
    this.name = 'NotBecome';
  }
}

/** The link died while something was under way: what ran there may go on. Never a result. */
export class ConnectionLost extends HostwrightError {
  constructor(address: string, options: { cause?: unknown; hint?: string } = {}) {
    super('connection.lost', `The connection to ${address} was lost.`, { ...options, exitCode: exitCodes.unreachable });
    this.name = 'ConnectionLost';
  }
}

/** A script passed its limit and its processes were stopped. */
export class TimedOut extends HostwrightError {
  constructor(seconds: number) {
    super('script.timeout', `It did not end within ${seconds} s and was stopped.`, {
      hint:
        'Give the task a longer "timeout:" if it needs one (all tasks: --task-timeout), or ' +
        'look at what it waits for.',
    });
    this.name = 'TimedOut';
  }
}

/** A look whose answer is longer than what is kept of it: what is missing might be what decides. */
export class TooMuchOutput extends HostwrightError {
  constructor() {
    super('script.output', `It printed more than ${keptBytes / 2 ** 20} MiB, which is all that is kept.`, {
      hint: 'Write it to a file of the host, or let the command there look for what matters (grep, tail).',
    });
    this.name = 'TooMuchOutput';
  }
}

/**
 * A question that was sent behind others, and whose shell was given up before its turn came: it can
 * be asked again.
 */
export class Spoiled extends HostwrightError {
  constructor() {
    super('script.spoiled', 'The shell was given up before this was answered.');
    this.name = 'Spoiled';
  }
}
