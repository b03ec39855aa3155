import type { Inventory } from '../inventory/inventory.ts';
import { matchHosts } from '../inventory/patterns.ts';
import { inOrder } from './batches.ts';
import type { Plan, PlannedPlay } from './plan.ts';

/** What was not found before the run and has not come up in it is not a mistake any more. */
const mayCome = () => true;

/** The hosts that a play is for, by an inventory that may have changed since the plan was made. */
export function hostsOfPlay(plan: Plan, play: PlannedPlay, inventory: Inventory): readonly string[] {
  if (inventory === plan.inventory) return play.hosts;
  const named = (pattern: string) => matchHosts(inventory, pattern, { mayCome, sets: plan.sets });
  const limited = plan.limit === undefined ? undefined : new Set(named(plan.limit));
  const hosts = named(play.play.hosts).filter(host => !limited || limited.has(host));
  return inOrder(hosts, play.play.order);
}
