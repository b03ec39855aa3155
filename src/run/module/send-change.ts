import { randomUUID } from 'node:crypto';
import type { SendOptions } from '../../connections/exchange.ts';
import type { Session } from '../../connections/session.ts';
import type { Change } from '../../decision.ts';
import { partsOf } from '../../host/file/place.ts';
import type { Answer, Script } from '../../shell/script.ts';
import { fitsScript, removePuts, type Sent } from './apply-script.ts';
import { askAhead, probeOf } from './look.ts';
import { limits, type ModuleRun } from './module-run.ts';

/**
 * Whether a change is over once its script is: nothing of it shows later, or happens somewhere
 * else.
 */
export function isOver({ job }: ModuleRun, { verify, fetches = [] }: Change): boolean {
  const later = typeof verify === 'object' && (verify.within !== undefined || verify.reconnect !== undefined);
  return !later && !job && fetches.length === 0;
}

/** A change, and the session that it goes through. */
interface Sending {
  readonly run: ModuleRun;
  readonly decision: Change;
  readonly session: Session;
}

/**
 * Sends the change and, where it is over with its script, behind it in the same write the probe
 * that proves it, and those of the tasks to come.
 */
export async function sendChange(
  { run, decision, session }: Sending,
  script: () => Script,
  options: SendOptions,
): Promise<Answer> {
  const { lookAhead } = run;
  const over = isOver(run, decision);
  const coming = over ? await run.upcoming(lookAhead.room(session)) : [];
  lookAhead.forget([session]);
  const answer = session.run(script, options);
  if (over && decision.verify !== 'none') lookAhead.ask(session, probeOf(run), true);
  // Another shell does not wait for the change.
  askAhead(
    run,
    coming.filter(({ become }) => run.host.link.opened(become) === session),
  );
  return answer;
}

/**
 * Contents that do not fit a script go ahead of it, over a channel of their own. Those of `sends`
 * are added to `sent`.
 * @param seconds for each of them
 */
export async function sendLarge(
  session: Session,
  { puts, sends }: Change,
  { sent, seconds }: { readonly sent: Sent[]; readonly seconds: number | undefined },
): Promise<void> {
  for (const { to, content } of puts ?? []) {
    if (!fitsScript(content)) await session.put({ to }, { bytes: Buffer.from(content) }, seconds);
  }
  for (const { goal, content } of sends ?? []) {
    const key = randomUUID();
    sent.push({ goal, key });
    const source = typeof content === 'string' ? { bytes: Buffer.from(content) } : { path: content.path };
    await session.put({ near: partsOf(goal).directory, key }, source, seconds);
  }
}

/** Takes away what was sent ahead of a change that was not made. */
export async function cleanUp(session: Session, decision: Change, sent: readonly Sent[]): Promise<void> {
  const script = removePuts(decision, sent);
  if (script) await session.run(script, { limit: limits.probe }).catch(() => undefined);
}
