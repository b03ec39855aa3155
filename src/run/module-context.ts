import type { AnyModule, Context } from '../modules/module.ts';
import type { PlannedTask } from '../plan/plan.ts';
import type { Scope } from '../values/scope.ts';
import { type HostState, pendingOf } from './host-state.ts';
import { filesOf, localGoalOf } from './local-file.ts';

/** What a task's module gets beside its arguments. @throws as Scope.evaluate */
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

/** A task's `environment`, that of what is around it included. @throws as Scope.evaluate */
export function environmentOf({ environment }: PlannedTask, scope: Scope): Readonly<Record<string, string>> {
  const joined = Object.assign({}, ...environment.map(({ values }) => values)) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(joined).map(([name, value]) => [name, String(scope.evaluate(value))]));
}
