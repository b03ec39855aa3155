import { joinEnvironment } from '../../plan/environment.ts';
import { keywordValue } from '../../plan/keyword-value.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import { privilegeOf } from '../../plan/privilege.ts';
import { contextOf } from '../module/context.ts';
import { withKnownHomes } from '../module/home-paths.ts';
import { readsLittle } from '../module/local-file.ts';
import { probeOf } from '../module/look.ts';
import { limits } from '../module/module-run.ts';
import { argumentsOf } from '../state/arguments.ts';
import { unmet } from '../state/judge.ts';
import type { PlayRun } from '../state/play-run.ts';
import type { UpcomingProbe } from '../state/question.ts';
import type { HostRun } from '../state/task-run.ts';
import type { UpcomingTask } from '../state/upcoming.ts';

/** Seconds: a look that may take longer is not made twice, should its answer not count. */
const longest = 120;
/** Tasks in a row that cannot be asked for, after which it is not worth looking any further. */
const mostMisses = 4;

/**
 * Up to `room` questions of the tasks that lie ahead of a host, as far as they are known; only what
 * an open shell can be asked.
 */
export async function upcomingProbes(here: HostRun, room: number): Promise<readonly UpcomingProbe[]> {
  const { run, host } = here;
  const found: UpcomingProbe[] = [];
  if (room === 0) return found;
  let misses = 0;
  for (const coming of host.ahead()) {
    if (!coming || hidesRest(run, coming.planned)) break;
    if (!run.modules.has(coming.planned.task.module)) continue;
    const asked = await questionOf(here, coming);
    misses = asked ? 0 : misses + 1;
    if (misses === mostMisses) break;
    if (!asked) continue;
    const session = host.link.opened(asked.become);
    if (!session || !run.lookAhead.has(session, asked.question)) found.push(asked);
    if (found.length === room) break;
  }
  return found;
}

/** Time has passed for a host, and for the one on which its task was done. */
export function timePassed({ run, host }: HostRun, on = host): void {
  run.lookAhead.forget([...host.link.all(), ...on.link.all()]);
}

/**
 * After such a task time has passed, or others were waited for: what is known before it says
 * nothing of what comes after.
 */
export function letsTimePass({ actions, modules }: PlayRun, { task, settings }: PlannedTask): boolean {
  const module = modules.get(task.module);
  const waits = module?.waits || module?.settles !== undefined || actions.get(task.module)?.waits;
  const paced = task.retry !== undefined || task.loop?.control.pause !== undefined || task.job !== undefined;
  return Boolean(waits || paced || settings.throttle !== undefined || settings.runOnce);
}

function hidesRest(run: PlayRun, planned: PlannedTask): boolean {
  return letsTimePass(run, planned) || planned.task.module === 'meta';
}

async function questionOf(
  { run, host }: HostRun,
  { planned, scope }: UpcomingTask,
): Promise<UpcomingProbe | undefined> {
  const { task, settings } = planned;
  const module = run.modules.get(task.module);
  // What a module would bring to the controller may have to be hashed.
  if (!module || settings.delegateTo || task.ifPending || module.local) return undefined;
  try {
    const seen = scope();
    if (unmet(planned.when, seen)) return undefined;
    const given = argumentsOf(planned, module, seen);
    const become = privilegeOf(planned.become, seen);
    const args = withKnownHomes({ host, module, args: given, become, lookAhead: run.lookAhead });
    if (!args) return undefined;
    if (module.userCode?.(args) || !readsLittle(module, args, planned)) return undefined;
    const context = await contextOf({ host, planned, scope: seen }, module, args);
    const environment = joinEnvironment(planned.environment, seen);
    const timeout = keywordValue('timeout', settings.timeout, seen) as number | undefined;
    const { script, options } = probeOf({ module, args, context, environment, timeout });
    const limit = script.limit ?? limits.probe;
    if (limit > longest) return undefined;
    const question = { script, options: { limit: Math.min(limit, options.limit) } };
    return { become, question };
  } catch {
    // What cannot be said yet, its own turn will say.
    return undefined;
  }
}
