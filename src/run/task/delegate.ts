import { ValueError } from '../../values/errors.ts';
import type { HostState } from '../state/host-state.ts';
import type { TaskRun } from '../state/task-run.ts';

/**
 * The host on which a task's work is done: the one that `delegate_to` names, else the host itself.
 * A name that no inventory has is an address.
 * @throws ValueError, UnknownValue
 */
export function delegateOf({ run, host, planned, scope }: TaskRun): HostState {
  const { delegateTo } = planned.settings;
  if (!delegateTo) return host;
  const name = scope.evaluate(delegateTo.value, delegateTo.part);
  if (name === null || name === undefined) return host;
  if (typeof name !== 'string' || name === '')
    throw new ValueError(`delegate_to names no host: ${JSON.stringify(name)}`);
  return name === host.name ? host : run.fleet.host(name, run.play);
}
