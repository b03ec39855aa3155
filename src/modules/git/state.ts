import { all, type Look, later, map, within } from '../../shell/look.ts';
import { type Checkout, checkoutAt } from './checkout.ts';
import { isCommit } from './environment.ts';
import type { Args } from './schema.ts';
import { type Target, targetIn } from './target.ts';

/** What {@link gitState} sees. */
export interface GitState {
  readonly place: 'absent' | 'empty' | 'other' | 'file' | Checkout;
  /** Undefined where the remote does not have the version; `unasked` where it does not matter. */
  readonly target: Target | undefined | 'unasked';
}

/** What is at dest, and what the remote has. @throws CannotTell */
export function gitState(args: Args): Look<GitState> {
  const { version, update } = args;
  const commit = isCommit(version) ? { commit: version, branch: undefined, ref: version } : undefined;
  const looks = all({ place: checkoutAt(args), target: commit ? undefined : later(targetIn(args)) });
  const state = map(looks, ({ place, target }): GitState => {
    const there = typeof place === 'object';
    if ((there && !update) || place === 'other' || place === 'file') return { place, target: 'unasked' };
    return { place, target: commit ?? target?.() };
  });
  return within(120, state);
}
