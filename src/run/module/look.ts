import { ConnectionLost, Spoiled, TimedOut } from '../../connections/errors.ts';
import type { Decision } from '../../decision.ts';
import type { TaskResult } from '../../events/event.ts';
import { CannotTell } from '../../shell/answer.ts';
import type { Foretold, Look } from '../../shell/look.ts';
import type { Answer, Script } from '../../shell/script.ts';
import { failure } from '../result/results.ts';
import type { Question, UpcomingProbe } from '../state/question.ts';
import { startsOthers, withEnvironment } from './apply-script.ts';
import { limits, type ModuleRun } from './module-run.ts';
import { notLooked } from './predictions.ts';
import { reconnect } from './recover.ts';

/** What a look at a host came to: a decision, or the result of a task that goes no further. */
export type Looked = { readonly decision: Decision; readonly state: unknown } | { readonly result: TaskResult };

/** Probe, read, decide. A question that only reads is asked again when the link dies. */
export async function look(run: ModuleRun): Promise<Looked> {
  const { probe, read } = run.module.look(run.args as never, run.context);
  const question = questionOf(run, probe);
  const early = await answeredAhead(run, question, read);
  if (early) return early;
  try {
    return decided(run, read(await ask(run, question), foretoldTo(run)));
  } catch (error) {
    if (error instanceof TimedOut)
      return { result: failure(error, { message: `looking took too long: ${error.message}` }) };
    const told = notLooked(run, error);
    if (told) return { result: told };
    throw error;
  }
}

type Asking = Pick<ModuleRun, 'module' | 'args' | 'context' | 'environment' | 'timeout'>;

/** What a module asks a host. */
export function probeOf(run: Asking): Question {
  return questionOf(run, run.module.look(run.args as never, run.context).probe);
}

function questionOf({ module, args, environment, timeout }: Asking, probe: Script): Question {
  const watched = (module.userCode?.(args as never) ?? false) || startsOthers(environment);
  const limit = timeout ?? probe.limit ?? limits.probe;
  return { script: withEnvironment(probe, environment), options: { limit, ...(watched && { watched }) } };
}

function decided({ module, args, context }: ModuleRun, state: unknown): Looked {
  return { decision: module.decide(args as never, state as never, context), state };
}

/** What a task sees in place of what the host has: nothing, where it runs in earnest. */
function foretoldTo({ check, host }: ModuleRun): Foretold | undefined {
  return check ? host.foretold : undefined;
}

/**
 * An answer that was asked for before its turn. One that timed out or could not look is asked for
 * again.
 */
async function answeredAhead(
  run: ModuleRun,
  question: Question,
  read: Look<unknown>['read'],
): Promise<Looked | undefined> {
  const session = run.host.link.opened(run.become);
  const answer = session && (await run.lookAhead.take(session, question)?.catch(() => undefined));
  if (!answer) return undefined;
  try {
    return decided(run, read(answer, foretoldTo(run)));
  } catch (error) {
    if (error instanceof CannotTell) return undefined;
    throw error;
  }
}

/**
 * Asks, and with it what the tasks after this one will ask. Where the shell or the link was given
 * up meanwhile, it is asked again.
 */
async function ask(run: ModuleRun, question: Question): Promise<Answer> {
  const { link } = run.host;
  try {
    return await askOnce(run, question);
  } catch (error) {
    if (!(error instanceof Spoiled || error instanceof ConnectionLost)) throw error;
    if (error instanceof ConnectionLost) await reconnect(run, 60);
    // With nothing else underway, nothing else can spoil it.
    const session = await link.session(run.become);
    return session.run(question.script, question.options);
  }
}

async function askOnce(run: ModuleRun, question: Question): Promise<Answer> {
  const { host, become, lookAhead } = run;
  const opening = host.link.session(become);
  opening.catch(() => undefined);
  const open = host.link.opened(become);
  const coming = await run.upcoming(open ? lookAhead.room(open) : lookAhead.firstRoom(await host.link.roundTrip()));
  const session = await opening;
  const answer = session.ask(question.script, question.options);
  askAhead(run, coming);
  return answer;
}

/** Asks ahead what open shells can be asked. */
export function askAhead({ host, lookAhead }: ModuleRun, coming: readonly UpcomingProbe[]): void {
  for (const { become, question } of coming) {
    const session = host.link.opened(become);
    if (session) lookAhead.ask(session, question);
  }
}
