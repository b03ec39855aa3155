/** Lets a number of works go on at once; the others wait in order. */
export interface Semaphore {
  /** Waits for a place; the function it gives leaves it, once. */
  readonly enter: () => Promise<() => void>;
  readonly run: <T>(work: () => Promise<T>) => Promise<T>;
}

/** A semaphore with this many places. */
export function createSemaphore(places: number): Semaphore {
  const waiting: (() => void)[] = [];
  let free = places;

  async function enter(): Promise<() => void> {
    if (free > 0) free -= 1;
    else await new Promise<void>(go => waiting.push(go));
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    };
  }
  async function run<T>(work: () => Promise<T>): Promise<T> {
    const leave = await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }
  return { enter, run };
}
