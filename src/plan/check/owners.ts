import type { Owned } from '../../callable.ts';
import type { Problems } from '../../language/problems.ts';
import { type Part, positionOf } from '../../language/source.ts';

export type OwnedBy = Owned & { readonly part: Part };

/** `/x/` and `//x` are `/x`, wherever a name has a path in it. */
function withoutSlashes(name: string): string {
  return name.replace(/\/+/g, '/').replace(/(?<=\S)\/(?=\s|$)/g, '');
}

/** Two tasks that give one attribute different values would undo each other at every run. */
export function checkOwners(owned: readonly OwnedBy[], host: string, problems: Problems): void {
  const first = new Map<string, OwnedBy>();
  for (const owner of owned) {
    const key = `${withoutSlashes(owner.subject)}\0${withoutSlashes(owner.attribute)}`;
    const before = first.get(key);
    if (!before) {
      first.set(key, owner);
    } else if (before.value !== owner.value) {
      const { file, line } = positionOf(before.part);
      problems.add(
        owner.part,
        `${owner.attribute} of ${owner.subject} on ${host} is "${owner.value}" here, and ` +
          `"${before.value}" at ${file}:${line}`,
        'One attribute has one owner: take one of the two out.',
      );
    }
  }
}
