import type { AnyModule, Context } from '../../modules/module.ts';
import { fileArguments } from '../../plan/catalogue.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { Scope } from '../../values/scope.ts';
import { type HostState, pendingOf } from '../state/host-state.ts';
import { filesOf, localGoalOf } from './local-file.ts';

/** A task on a host, and the variables that it sees. */
interface Seen {
  readonly host: HostState;
  readonly planned: PlannedTask;
  readonly scope: Scope;
}

/** What a task's module gets in addition to its arguments. @throws as Scope.evaluate */
export async function contextOf({ host, planned, scope }: Seen, module: AnyModule, args: object): Promise<Context> {
  const local = await localGoalOf(module.local?.(args, host.name), planned);
  const files = await filesOf(fileArguments(module.args, args as Readonly<Record<string, unknown>>), planned, scope);
  return { files, pending: pendingOf(host), ...(local && { local }) };
}
