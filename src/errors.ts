/**
 * Exit codes of the command line. Two of them together (a failed and an unreachable host) are
 * added: 6.
 */
export const exitCodes = {
  done: 0,
  failed: 2,
  changed: 3,
  unreachable: 4,
  usage: 5,
  journal: 8,
  interrupted: 99,
  defect: 250,
} as const;

export interface ErrorOptions {
  /** What to do next, as one sentence a person can act on. */
  readonly hint?: string;
  /** Data for machines: paths, names, numbers. Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  readonly exitCode?: number;
}

/**
 * The root of every error that Hostwright raises on purpose. Anything else that is thrown is a
 * defect (exit code 250). `code` is stable (`connection.refused`), the message is for people.
 */
export class HostwrightError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly exitCode: number;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HostwrightError';
    this.code = code;
    this.hint = options.hint;
    this.details = Object.freeze({ ...options.details });
    this.exitCode = options.exitCode ?? exitCodes.failed;
  }

  toJSON(): object {
    return { code: this.code, message: this.message, hint: this.hint, details: this.details };
  }
}

/**
 * A value that is there by what was done before; where it is not, that is a defect.
 * @param what it is, for the report of the defect
 */
export function certain<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
}

/** The message of anything that was thrown, for a report line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
