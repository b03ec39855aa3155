import type { TaskResult } from '../../events/event.ts';
import type { Looked } from './look.ts';
import type { ModuleRun } from './module-run.ts';

/**
 * Which of the conditions that a module settles are left after a change of it that failed, for the
 * result; nothing where the module does not say so.
 */
export function stillStanding({ module }: ModuleRun, looked: Looked | undefined): Partial<TaskResult> {
  if (!module.settles || !looked || 'result' in looked) return {};
  const { decision } = looked;
  const pending = decision.kind === 'ok' ? (decision.pending ?? []) : decision.standing;
  return pending ? { pending, settled: true } : {};
}
