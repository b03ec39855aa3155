import { UnknownValue, ValueError } from '../../values/errors.ts';
import type { Scope } from '../../values/scope.ts';
import { isTemplate } from '../../values/template.ts';

/**
 * The name of a play, a task or a handler as people see it: with the values of its templates. Where
 * one has no value, or none yet, it is the name as it is written, as Ansible shows it.
 */
export function shownName(written: string, scope: () => Scope): string {
  if (!isTemplate(written)) return written;
  try {
    const value = scope().evaluate(written);
    return typeof value === 'object' ? written : String(value);
  } catch (error) {
    if (error instanceof ValueError || error instanceof UnknownValue) return written;
    throw error;
  }
}
