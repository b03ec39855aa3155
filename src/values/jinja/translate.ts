import type { Form } from './form.ts';
import { Reader } from './reader.ts';
import { Untranslatable } from './untranslatable.ts';
import { wordsOf } from './words.ts';

/** An expression as Ansible writes it. */
export interface Translated {
  /**
   * In the forms of this language; undefined where it is none, or where nothing here is like it.
   */
  readonly form?: Form;
  /** The filter, test or function that nothing here is like. */
  readonly missing?: string | undefined;
  /** Sentences about where its value is another one than that of Ansible. */
  readonly notes: readonly string[];
}

/** The form of {@link readJinja}. */
export function translateJinja(text: string): Form | undefined {
  return readJinja(text).form;
}

/**
 * Translates an expression of Ansible, for hints: what it means for values of other types is not
 * looked at.
 */
export function readJinja(text: string): Translated {
  const words = wordsOf(text);
  if (!words) return { notes: [] };
  const reader = new Reader(words);
  try {
    const form = reader.expression();
    return reader.atEnd ? { form, notes: reader.notes } : { notes: [] };
  } catch (error) {
    if (error instanceof Untranslatable) return { missing: error.missing, notes: [] };
    throw error;
  }
}
