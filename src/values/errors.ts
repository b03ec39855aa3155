import { exitCodes, HostwrightError } from '../errors.ts';
import type { Part } from '../language/source.ts';

/** A template or expression that cannot be evaluated. `offset` counts characters in its text. */
export class ValueError extends HostwrightError {
  offset: number | undefined;
  /**
   * The text that is wrong, where it is in a file: not the task that needed it, but the variable
   * that holds it.
   */
  place: Part | undefined;
  /** What else is wrong with the same text. */
  also: readonly ValueError[] = [];
  #named = false;

  constructor(
    message: string,
    options: { hint?: string | undefined; offset?: number | undefined; cause?: unknown } = {},
  ) {
    const { hint, offset, cause } = options;
    super('value.invalid', message, { ...(hint === undefined ? {} : { hint }), cause, exitCode: exitCodes.usage });
    this.name = 'ValueError';
    this.offset = offset;
  }

  /** Says which variable holds what is wrong, once: the innermost, where the mistake is. */
  nameVariable(name: string, origin: string): void {
    for (const other of this.also) {
      other.place ??= this.place;
      other.nameVariable(name, origin);
    }
    // Without a place in a file, a count of characters says nothing to whoever needed the variable.
    if (!this.place) this.offset = undefined;
    if (this.#named) return;
    this.#named = true;
    this.message += ` (in variable "${name}", ${origin})`;
  }
}

/**
 * Errors of one text, or of parts of one value, as one: the first, which has the others with it,
 * each once.
 */
export function together(errors: readonly ValueError[]): ValueError | undefined {
  const all = errors.flatMap(error => [error, ...error.also]);
  const [first, ...others] = new Map(all.map(one => [`${one.offset} ${one.message}`, one] as const)).values();
  if (first) first.also = others;
  return first;
}

/**
 * Does all of the works, of which each may fail.
 * @throws ValueError with all that is wrong; UnknownValue where nothing is, but something is not
 * known yet
 */
export function doAll<T>(works: readonly (() => T)[]): readonly T[] {
  const results: T[] = [];
  const wrong: ValueError[] = [];
  let later: UnknownValue | undefined;
  for (const work of works) {
    try {
      results.push(work());
    } catch (error) {
      // What is wrong is worth more than that something is not known yet.
      if (error instanceof ValueError) wrong.push(error);
      else if (error instanceof UnknownValue) later ??= error;
      else throw error;
    }
  }
  const first = together(wrong) ?? later;
  if (first) throw first;
  return results;
}

/** A name that no layer of variables has. */
export class UndefinedName extends ValueError {
  readonly variable: string;

  constructor(variable: string, options: { hint?: string | undefined; offset?: number | undefined } = {}) {
    super(`"${variable}" is not defined`, options);
    this.name = 'UndefinedName';
    this.variable = variable;
  }
}

/**
 * A value that cannot be known yet: a register of a task that has not run (before the run), or
 * whose change check mode only predicted. It is neither true nor false: whatever needs it is
 * unknown too.
 */
export class UnknownValue extends Error {
  readonly variable: string;

  constructor(variable: string, reason: string) {
    super(`"${variable}" is not known: ${reason}`);
    this.name = 'UnknownValue';
    this.variable = variable;
  }
}
