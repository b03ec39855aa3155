import type { Inputs } from '../events/run-start.ts';

/**
 * Whether two runs were made from the same, as far as both have it: files that only one of them
 * read are not compared, as it may have run other playbooks. Without hashes it cannot be told, and
 * counts as the same.
 */
export function haveSameInputs(one: Inputs | undefined, other: Inputs | undefined): boolean {
  if (!one || !other) return true;
  return (
    one.inventory === other.inventory &&
    areSame(one.files, other.files) &&
    areSame(one.variables, other.variables) &&
    Object.keys(one.variables).length === Object.keys(other.variables).length
  );
}

function areSame(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  return Object.entries(one).every(([name, hash]) => other[name] === undefined || other[name] === hash);
}
