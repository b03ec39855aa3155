import { withHost, withMember } from '../../inventory/change.ts';
import type { Effect } from '../actions/action.ts';
import type { HostRun } from '../state/task-run.ts';
import { gatherFacts } from './gather-facts.ts';
import { pause } from './pause.ts';

/** Does it, for the host whose task asks for it. */
export async function applyEffect({ run, host }: HostRun, effect: Effect): Promise<void> {
  const { fleet } = run;
  switch (effect.kind) {
    case 'add_host':
      return fleet.setInventory(withHost(fleet.inventory(), effect.host));
    case 'group_by':
      return fleet.setInventory(withMember(fleet.inventory(), host.name, effect.group, effect.parents));
    case 'pause':
      if (!run.check) await pause(effect.seconds, run.signal);
      return;
    case 'clear_host_errors':
      return fleet.forgive();
    case 'refresh_inventory':
      return fleet.refresh();
    case 'reset_connection':
      return host.link.reset();
    case 'refresh_facts':
      await gatherFacts({ run, host }, () => undefined);
  }
}
