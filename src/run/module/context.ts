import type { AnyModule, Context } from '../../modules/module.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { Scope } from '../../values/scope.ts';
import { type HostState, pendingOf } from '../state/host-state.ts';
import { filesOf, localGoalOf } from './local-file.ts';

/** What a task's module gets in addition to its arguments. @throws as Scope.evaluate */
export async function contextOf(
  host: HostState,
  planned: PlannedTask,
  scope: Scope,
  module: AnyModule,
  args: object,
): Promise<Context> {
  const local = await localGoalOf(module, args, host.name, planned);
  return { files: await filesOf(module, args, planned, scope), pending: pendingOf(host), ...(local && { local }) };
}
