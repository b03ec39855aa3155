export interface TagSelection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/** Whether a task with these tags runs, by Ansible's rules: `always` and `never`, and the words `all`, `tagged`, `untagged` in a selection. */
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
