import { ConnectionLost, TimedOut, Unreachable } from '../connections/errors.ts';
import type { TaskResult } from '../events/event.ts';
import { CannotTell, type Decision } from '../modules/module.ts';
import type { Answer } from '../shell/script.ts';
import { withEnvironment } from './apply-script.ts';
import { limits, type ModuleRun } from './module-run.ts';
import { excuse } from './predictions.ts';
import { reconnect } from './recover.ts';
import { failure, result } from './results.ts';

type Looked = { readonly decision: Decision; readonly state: unknown } | { readonly result: TaskResult };

/** Probe, read, decide. A question that only reads is asked again when the link dies. */
export async function look(run: ModuleRun): Promise<Looked> {
  const { module, args, context } = run;
  try {
    const answer = await ask(run);
    const state = module.read(answer, args as never, context);
    return { decision: module.decide(args as never, state as never, context), state };
  } catch (error) {
    if (error instanceof CannotTell) return { result: cannotTell(run, error) };
    if (error instanceof TimedOut)
      return { result: failure(error, { message: `looking took too long: ${error.message}` }) };
    const excused = notYetThere(run, error);
    if (excused) return { result: excused };
    throw error;
  }
}

/** Nobody can become a user whom an earlier task would make. */
function notYetThere(run: ModuleRun, error: unknown): TaskResult | undefined {
  const refused = error instanceof Unreachable && error.code.startsWith('become.');
  return refused && run.become ? excuse(run, [{ kind: 'user', name: run.become.user }]) : undefined;
}

async function ask(run: ModuleRun): Promise<Answer> {
  const script = run.module.probe(run.args as never, run.context);
  const options = { limit: run.timeout ?? script.limit ?? limits.probe };
  const send = async () =>
    (await run.host.link.session(run.become)).run(withEnvironment(script, run.environment), options);
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    await reconnect(run.host.link, run.become, 60);
    return send();
  }
}

function cannotTell(run: ModuleRun, error: CannotTell): TaskResult {
  const excused = excuse(run, error.needs);
  if (excused) return excused;
  return result('failed', `cannot tell: ${error.message}`, error.advice === undefined ? {} : { hint: error.advice });
}
