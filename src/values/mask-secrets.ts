import { formsOf } from './secret-forms.ts';

/** What is shown in place of a secret. */
export const secretMark = '***';

/**
 * Masks texts by value: every secret that is at least three characters long becomes `***`, in all
 * forms of {@link formsOf}.
 * @param secrets may grow, and is looked at again for each text
 */
export function maskSecrets(secrets: ReadonlySet<string>): (text: string) => string {
  let forms: readonly string[] = [];
  let count = 0;
  return text => {
    if (secrets.size !== count) {
      // The longest first: one that begins with another would leave its end behind.
      forms = [...new Set([...secrets].flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
      count = secrets.size;
    }
    return forms.reduce((masked, form) => masked.replaceAll(form, secretMark), text);
  };
}
