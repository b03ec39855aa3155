/**
 * "Did you mean …?" for a name that is not known: the nearest of the known ones, if one is near
 * enough.
 */
export function suggest(name: string, known: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), limit);
    if (distance > limit || !hasNearParts(name, candidate)) continue;
    if (!best || distance < best.distance) best = { name: candidate, distance };
  }
  return best && `Did you mean "${best.name}"?`;
}

/**
 * Whether each part of a name with as many parts (`a_b`) is near: else they are two names of one
 * family.
 */
function hasNearParts(name: string, candidate: string): boolean {
  const [own, other] = [name, candidate].map(text => text.toLowerCase().split('_')) as [string[], string[]];
  if (own.length === 1 || own.length !== other.length) return true;
  return own.every((part, at) => {
    const known = other[at] ?? '';
    return part.includes(known) || known.includes(part) || editDistance(part, known, 1) <= 1;
  });
}

/** Arguments that modules of Ansible also take, and the name that all have here. */
const otherArguments: Readonly<Record<string, string>> = { pkg: 'name', package: 'name', msg: 'fail_msg' };

/** What to write for an argument that is not one of the known ones. */
export function argumentFor(name: string, known: readonly string[]): string | undefined {
  const other = Object.hasOwn(otherArguments, name) ? otherArguments[name] : undefined;
  return other !== undefined && known.includes(other) ? `Write "${other}".` : suggest(name, known);
}

/** Values that modules of Ansible also take, and the word that all have here. */
const otherWords: Readonly<Record<string, string>> = {
  installed: 'present',
  removed: 'absent',
  running: 'started',
  dead: 'stopped',
};

/** What to write for a value that is not one of the known ones. */
export function wordFor(value: string, known: readonly string[]): string | undefined {
  const other = Object.hasOwn(otherWords, value) ? otherWords[value] : undefined;
  return other !== undefined && known.includes(other) ? `Write "${other}".` : suggest(value, known);
}

/**
 * Insertions, deletions, replacements and swaps of neighbours (Damerau); more than `limit` is told
 * as `limit + 1`.
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: readonly number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    const at = (from: readonly number[], column: number) => from[column] ?? Number.POSITIVE_INFINITY;
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const replaced = Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + cost);
      row.push(swapped ? Math.min(replaced, at(before, j - 2) + 1) : replaced);
    }
    [before, above] = [above, row];
  }
  return above.at(-1) ?? 0;
}
