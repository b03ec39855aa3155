export interface TagSelection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/** Whether a task with these tags runs, by Ansible's rules: `always` and `never`, and the words `all`, `tagged`, `untagged` in a selection. */
export function isSelected(tags: readonly string[], { only, skip }: TagSelection): boolean {
  const named = (selection: readonly string[]) =>
    tags.some(tag => selection.includes(tag)) ||
    (selection.includes('tagged') && tags.some(tag => tag !== 'always' && tag !== 'never')) ||
    (selection.includes('untagged') && tags.length === 0);
  const chosen = only.length === 0 || only.includes('all') ? !tags.includes('never') || named(only) : named(only);
  const always = tags.includes('always') && !skip.includes('always');
  return (chosen || always) && !named(skip) && !skip.includes('all');
}
