import type { BatchSize, HostOrder } from '../language/model.ts';

/** The hosts of a play, given in the inventory's order, in the order in which it takes them. */
export function inOrder(hosts: readonly string[], order: HostOrder): readonly string[] {
  switch (order) {
    case 'inventory':
      return hosts;
    case 'reverse_inventory':
      return hosts.toReversed();
    case 'sorted':
      return hosts.toSorted();
    case 'reverse_sorted':
      return hosts.toSorted().toReversed();
    case 'shuffle':
      return shuffled(hosts);
  }
}

function shuffled(hosts: readonly string[]): readonly string[] {
  const left = [...hosts];
  return hosts.flatMap(() => left.splice(Math.floor(Math.random() * left.length), 1));
}

/**
 * Cuts hosts into batches: one for each size, the last size repeated until no host is left. A
 * percentage is of all these hosts, rounded down, and at least one host. Without sizes all hosts
 * are one batch.
 */
export function cutIntoBatches(hosts: readonly string[], serial: readonly BatchSize[]): readonly (readonly string[])[] {
  const last = serial.at(-1);
  if (!last) return hosts.length > 0 ? [hosts] : [];
  const batches: (readonly string[])[] = [];
  for (let from = 0; from < hosts.length; ) {
    const size = serial[batches.length] ?? last;
    const count = 'hosts' in size ? size.hosts : Math.max(1, Math.floor((size.percent * hosts.length) / 100));
    batches.push(hosts.slice(from, from + count));
    from += count;
  }
  return batches;
}
