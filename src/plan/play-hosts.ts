import type { Inventory } from '../inventory/inventory.ts';
import { matchHosts } from '../inventory/patterns.ts';
import { inOrder } from './batches.ts';
import type { Plan, PlannedPlay } from './plan.ts';

/** What was not found before the run and has not come up in it is not a mistake any more. */
const mayCome = () => true;

/** The hosts that a play is for, by an inventory that may have changed since the plan was made. */
export function hostsOfPlay(plan: Plan, play: PlannedPlay, inventory: Inventory): readonly string[] {
  if (inventory === plan.inventory) return play.hosts;
  const limited = plan.limit === undefined ? undefined : new Set(matchHosts(inventory, plan.limit, mayCome));
  const hosts = matchHosts(inventory, play.play.hosts, mayCome).filter(host => !limited || limited.has(host));
  return inOrder(hosts, play.play.order);
}
