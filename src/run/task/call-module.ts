import { secretTexts } from '../../callable.ts';
import type { AnyModule, Context } from '../../modules/module.ts';
import { joinEnvironment } from '../../plan/environment.ts';
import type { Privilege } from '../../shell/become.ts';
import type { Heard } from '../../shell/frame.ts';
import { unknown } from '../../values/scope.ts';
import { letsTimePass, upcomingProbes } from '../ahead/upcoming-probes.ts';
import type { Announce } from '../module/announce.ts';
import { contextOf } from '../module/context.ts';
import { withHomesOf } from '../module/home-paths.ts';
import { runModule } from '../module/run-module.ts';
import { result } from '../result/results.ts';
import { type HostState, pendingOf } from '../state/host-state.ts';
import { judge } from '../state/judge.ts';
import type { Attempt } from '../state/outcome.ts';
import type { Begun } from '../state/replay.ts';
import type { TaskRun } from '../state/task-run.ts';

/** A module, and what a task gives it for one attempt. */
interface Call {
  readonly module: AnyModule;
  readonly args: object;
  readonly privilege: Privilege | undefined;
  readonly announce: Announce;
  /** The change, where a run that was cut had begun it. */
  readonly begun: Begun | undefined;
  /** The host whose task it is. */
  readonly of: HostState;
  /** Hears what it prints. */
  readonly heard: Heard | undefined;
}

/** What a module is told of a change that a run which was cut had begun. */
function begunAs(begun: Begun | undefined): Pick<Context, 'begun'> {
  if (begun?.boot === undefined) return {};
  return { begun: { boot: begun.boot, fields: begun.fields ?? {} } };
}

/** Runs a task's module on its host, with all that the module and its conditions need. */
export async function callModule(
  on: TaskRun,
  { module, args: given, privilege, announce, begun, of, heard }: Call,
): Promise<Attempt> {
  const { run, host, place, item, planned, scope } = on;
  const { task, settings } = planned;
  const standing = pendingOf(host);
  if (task.ifPending && begun?.boot === undefined && !standing.some(({ kind }) => kind === module.settles)) {
    return { outcome: { result: result('skipped', `no ${module.settles} is pending`) } };
  }
  const check = settings.checkMode ?? run.check;
  const secrets = secretTexts(given, module.args);
  for (const text of secrets) run.secrets.add(text);
  const resolved = await withHomesOf({ host, module, args: given, become: privilege, check, lookAhead: run.lookAhead });
  if ('result' in resolved) return { outcome: { result: judge(planned, scope, resolved.result, false) } };
  const { args } = resolved;
  // Of a host that is not its own, or of what comes after a wait, nothing is asked ahead.
  const looksAhead = !settings.delegateTo && !letsTimePass(run, planned);
  const call = { host: of.name, place, task: on.name, item, args, secrets, hidden: settings.noLog === true };
  const done = await runModule({
    host,
    module,
    args,
    context: { ...(await contextOf(on, module, args)), ...begunAs(begun) },
    become: privilege,
    consent: { playbook: planned.allow, commandLine: run.allowed },
    check,
    timeout: settings.timeout,
    job: task.job,
    environment: joinEnvironment(planned.environment, scope),
    ifPending: task.ifPending,
    down: run.down,
    lookAhead: run.lookAhead,
    announce,
    begun,
    review: decision => run.review?.(call, decision),
    keptBy: settings.noLog ? undefined : host.run.recorded,
    heard,
    inStep: run.batch.linear,
    upcoming: room => (looksAhead ? upcomingProbes(on, room) : Promise.resolve([])),
  });
  // Nothing is started in check mode, so there is no job to ask later.
  const left = task.job?.poll === 0 && (done.status === 'changed' || done.status === 'ok');
  const predictedOnly = check && (left || (done.status === 'changed' && Object.keys(done.fields).length === 0));
  const register = predictedOnly ? unknown('check mode cannot tell what its task would give') : undefined;
  return {
    outcome: { result: judge(planned, scope, done, predictedOnly) },
    ...(register === undefined ? {} : { register }),
  };
}
