import type { Form } from './form.ts';

/**
 * Ends a translation: nothing here is like what comes next, a filter, test or function where it has
 * a name.
 */
export class Untranslatable extends Error {
  readonly missing: string | undefined;

  constructor(missing: string | undefined) {
    super(missing);
    this.missing = missing;
  }
}

/** The form, which must be there. @throws Untranslatable with the name of what has none */
export function found(form: Form | undefined, name?: string): Form {
  return form ?? fail(name);
}

/** @throws Untranslatable */
export function fail(missing?: string): never {
  throw new Untranslatable(missing);
}
