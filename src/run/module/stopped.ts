import type { Change } from '../../decision.ts';
import type { TaskResult } from '../../events/event.ts';
import { lockedByOther, supersededBy } from '../../shell/lock.ts';
import type { Answer, Script } from '../../shell/script.ts';
import { result } from '../result/results.ts';
import { failedSection } from './apply-script.ts';

/** A guard left with 75: the state is not what was probed. */
const guardFailed = 75;

/**
 * Why the script of a change did not come to its end: what that comes to where nothing has begun,
 * else what the section said that failed. Undefined where all of it ran.
 */
export function whyStopped(
  decision: Change,
  script: Script,
  answer: Answer,
): { readonly came: TaskResult | 'guard' } | { readonly wrong: string } | undefined {
  if (answer.lock?.code === lockedByOther) {
    const message = `another run works on this host: ${answer.lock.stderr.trim()}`;
    const hint = 'Wait until it is over. If it was cut off, the host is free as soon as its process there is gone.';
    return { came: result('failed', message, { hint }) };
  }
  if (answer.lock?.code === supersededBy) {
    const message = `a later run has continued this one on this host: ${answer.lock.stderr.trim()}`;
    return { came: result('failed', message, { hint: 'Look at what that run did: hostwright history' }) };
  }
  if (guardSays(decision, answer)) return { came: 'guard' };
  const wrong = failedSection(script, answer);
  if (!wrong) return undefined;
  return begun(decision, answer)
    ? { wrong: wrong.text }
    : { came: result('failed', wrong.text, { diff: decision.diff }) };
}

/**
 * Whether the state is not what was probed, by the guard or by the first section of an apply that
 * looks by itself.
 */
function guardSays({ guarded, apply }: Change, answer: Answer): boolean {
  const [first] = apply.sections;
  return answer.guard?.code === guardFailed || (first?.name === guarded && answer[guarded ?? '']?.code === guardFailed);
}

/**
 * Whether the first of the module's own sections has run; before it stand lock, guard and contents.
 */
function begun({ apply }: Change, answer: Answer): boolean {
  const [first] = apply.sections;
  return first !== undefined && answer[first.name] !== undefined;
}
