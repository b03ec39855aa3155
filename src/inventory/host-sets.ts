/**
 * Hosts that a pattern names by `@`: those of a recorded run, by their names, or what the lines of
 * a file say, each of which is a pattern.
 */
export type HostSet = { readonly hosts: readonly string[] } | { readonly patterns: string };

/** Host sets by what is written after the `@`. */
export type HostSets = ReadonlyMap<string, HostSet>;

/** A host set in a pattern, up to what separates it from the next part. */
const written = /(?<=^|[,:&!\s])@([^,:\s]+(?::[a-z]+(?:=[a-z-]+)?)?)/g;

/** The names of the host sets in a pattern. */
export function setNamesIn(pattern: string): readonly string[] {
  return pattern.startsWith('~') ? [] : [...pattern.matchAll(written)].flatMap(([, name]) => name ?? []);
}
