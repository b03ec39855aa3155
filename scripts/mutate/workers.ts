/**
 * Does work for each item, as many at a time as there are places, each on a place of its own. After
 * a failure nothing else begins.
 */
export async function onPlaces<T, P>(
  items: T[],
  places: P[],
  work: (item: T, place: P) => Promise<void>,
): Promise<void> {
  const left = [...items];
  async function worker(place: P): Promise<void> {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item, place);
  }
  const ends = await Promise.allSettled(
    places.map(place => {
      return worker(place).catch((error: unknown) => {
        left.length = 0;
        throw error;
      });
    }),
  );
  const failed = ends.find(end => end.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Lets only one at a time do what has the same name; what has none need not wait. */
export function createTurns(): <R>(name: string | undefined, work: () => Promise<R>) => Promise<R> {
  const last = new Map<string, Promise<unknown>>();
  return (name, work) => {
    if (name === undefined) return work();
    const done = (last.get(name) ?? Promise.resolve()).then(work, work);
    last.set(
      name,
      done.catch(() => undefined),
    );
    return done;
  };
}
