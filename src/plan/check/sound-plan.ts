import { exitCodes, HostwrightError } from '../../errors.ts';
import { InvalidInput } from '../../language/diagnostic.ts';
import type { Draft, Plan } from '../plan.ts';

/**
 * The plan of a draft in which nothing is wrong.
 * @throws InvalidInput with its problems; HostwrightError `plan.nothing` if no play is for any
 * host.
 */
export function soundPlan({ plan, problems }: Draft): Plan {
  if (problems.diagnostics.length > 0) throw new InvalidInput(problems.diagnostics);
  if (plan.plays.length > 0 && plan.plays.every(({ hosts }) => hosts.length === 0)) throw nothingToDo(plan);
  return plan;
}

function nothingToDo({ inventory, limit }: Plan): HostwrightError {
  const message = inventory.hosts.size === 0 ? 'There is no host in the inventory.' : 'No play is for any host.';
  const limited = limit === undefined ? '' : ` The plays are cut down to --limit ${limit.replaceAll('\n', ', ')}.`;
  return new HostwrightError('plan.nothing', message + limited, {
    hint:
      inventory.hosts.size === 0
        ? 'Name an inventory: -i FILE, or hosts: -i hv1,hv2.'
        : 'See "hostwright inventory --graph" for what there is.',
    exitCode: exitCodes.usage,
  });
}
