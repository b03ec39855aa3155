import { exitCodes, HostwrightError } from '../errors.ts';
import { suggest } from '../language/suggest.ts';

export interface TagSelection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/**
 * Whether a task with these tags runs, by Ansible's rules: `always` and `never`, and the words
 * `all`, `tagged`, `untagged` in a selection.
 */
export function isSelected(tags: readonly string[], { only, skip }: TagSelection): boolean {
  const named = (selection: readonly string[]) =>
    tags.some(tag => selection.includes(tag)) || (selection.includes('untagged') && tags.length === 0);
  const tagged = tags.some(tag => tag !== 'always');
  const never = tags.includes('never');
  const everything = only.length === 0 || only.includes('all') || (only.includes('tagged') && tagged);
  const chosen = named(only) || (everything && !never);
  const always = tags.includes('always') && !skip.includes('always');
  const left = named(skip) || (skip.includes('tagged') && tags.length > 0) || (skip.includes('all') && !always);
  return (chosen || always) && !left;
}

const words: readonly string[] = ['all', 'always', 'never', 'tagged', 'untagged'];

/**
 * What is chosen by a tag that no task has is nothing, and the run would end well. What is left out
 * may be missing: only what looks mistyped is told.
 * @throws HostwrightError `tags.nothing`
 */
export function checkSelection({ only, skip }: TagSelection, all: ReadonlySet<string>): void {
  const unknown = (tag: string): boolean => !words.includes(tag) && !all.has(tag);
  const near = (tag: string): string | undefined => suggest(tag, all);
  const chosen = only.includes('all') ? undefined : only.find(unknown);
  const wrong = chosen ?? skip.find(tag => unknown(tag) && near(tag) !== undefined);
  if (wrong === undefined) return;
  throw new HostwrightError('tags.nothing', `No task has the tag "${wrong}".`, {
    hint: near(wrong) ?? (all.size > 0 ? `Tags: ${[...all].toSorted().join(', ')}.` : 'No task has any.'),
    exitCode: exitCodes.usage,
  });
}
