import type { Problems } from '../language/problems.ts';
import type { Part } from '../language/source.ts';
import { UndefinedName, UnknownValue, ValueError } from '../values/errors.ts';

/** The value, or undefined if it is not known yet or wrong; what is wrong is reported. */
export function attempt<T>(problems: Problems, part: Part, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UnknownValue)) report(problems, part, error);
    return undefined;
  }
}

/** Gives a name that is not defined, and of which nothing is said yet, a hint. */
export function withHint<T>(work: () => T, hintFor: (variable: string) => string | undefined): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UndefinedName) || error.hint !== undefined) throw error;
    throw new UndefinedName(error.variable, { hint: hintFor(error.variable), offset: error.offset });
  }
}

/**
 * Reports an error of a value where the value stands, which may be a variable in another file; else
 * at `part`. Where something was left out that may define it, a name that is not defined is only
 * told of when it is close to one that is.
 */
export function report(problems: Problems, part: Part, error: unknown): void {
  if (!(error instanceof ValueError)) throw error;
  for (const one of [error, ...error.also]) {
    if (one instanceof UndefinedName && one.hint === undefined && problems.mayHave(one.variable)) continue;
    problems.add(one.place ?? part, one.message, one.hint, one.offset);
  }
}
