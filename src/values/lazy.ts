const lazyMaps = new WeakSet<object>();

/**
 * A map whose values are made when they are asked for, each once: the variables of other hosts, of
 * which an expression wants one or two. Code that goes through all values of a map must leave such
 * a one alone, see {@link isLazy}.
 */
export function lazyMap(names: Iterable<string>, make: (name: string) => unknown): Readonly<Record<string, unknown>> {
  const map: Record<string, unknown> = {};
  for (const name of names) {
    let value: { readonly made: unknown } | undefined;
    const get = () => {
      value ??= { made: make(name) };
      return value.made;
    };
    Object.defineProperty(map, name, { enumerable: true, get });
  }
  lazyMaps.add(map);
  return Object.freeze(map);
}

/** Whether a value is a {@link lazyMap}. */
export function isLazy(value: object): boolean {
  return lazyMaps.has(value);
}
