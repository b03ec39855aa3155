import type { Diff, Hazard, Pending, Replaced } from './events/result.ts';
import type { Resource } from './shell/answer.ts';
import { type Answer, inOrder, type Script } from './shell/script.ts';
import type { Fetch, Put, Send } from './transfers.ts';

/**
 * What a module decides of a host: it is as it should be, it differs and how to change it, or the
 * task will not act. The functions say it in a word.
 */
export type Decision<State = unknown> = Ok | Change<State> | Refuse;

/** The host is as it should be. */
export interface Ok {
  readonly kind: 'ok';
  /** Why nothing is to be done, as a short phrase: "is absent already". */
  readonly reason: string;
  readonly pending?: readonly Pending[];
  /** The result's own fields (`returns`). */
  readonly result?: Readonly<Record<string, unknown>>;
}

/** Something differs; `apply` fixes it. */
export interface Change<State = unknown> {
  readonly kind: 'change';
  /** What differs, as a short phrase: "stored and live value differ". */
  readonly reason: string;
  /**
   * What check mode says instead, of a change that it cannot look into: "not run in check mode".
   */
  readonly inCheck?: string;
  /** No look can tell whether it is needed: it is made each time. */
  readonly undecided?: true;
  readonly diff: readonly Diff[];
  /**
   * Contents that are written to directories which only root may write, each in a file of mode
   * 0600, before `apply` runs.
   */
  readonly puts?: readonly Put[];
  /** Contents that are too large for a script, sent ahead of it. */
  readonly sends?: readonly Send[];
  /** Files that are brought to the controller once `apply` is through. */
  readonly fetches?: readonly Fetch[];
  /** Sections run in order; the first that fails ends the script. */
  readonly apply: Script;
  /**
   * Leaves with 75 if the probed state no longer holds; the engine then probes again, three times
   * at most.
   */
  readonly guard?: Script;
  /**
   * The section of `apply` that is a guard, too: if it is the first and leaves with 75, nothing has
   * been changed.
   */
  readonly guarded?: string;
  /**
   * True where `apply` runs only programs that end with it (mv, chmod, …): no process of it can be
   * left running, and none is looked for unless the task sets an `environment`.
   */
  readonly contained?: boolean;
  /**
   * Reads only: the tool's own validation of the candidate. It runs in check mode too; a section
   * that fails refuses the change.
   */
  readonly rehearse?: Script;
  /** Runs when verify fails. */
  readonly undo?: Script;
  readonly hazards?: readonly HazardNotice[];
  readonly creates?: readonly Resource[];
  readonly alters?: readonly Resource[];
  readonly removes?: readonly Resource[];
  /** What it takes the place of, and keeps on the host so that it can be put back. */
  readonly replaces?: readonly Replaced[];
  /** State that it leaves, by the keys of `Foretold`: what later tasks of check mode see. */
  readonly leaves?: Readonly<Record<string, string>>;
  /** Absent: the same probe runs again and must decide `ok`, at once. */
  readonly verify?: 'none' | Verify<State>;
  readonly pending?: readonly Pending[];
  /**
   * Of a module that settles a condition: those that stand now. After a change that failed they are
   * what is left.
   */
  readonly standing?: readonly Pending[];
  /**
   * The result's own fields as far as they are known before the apply: what a register holds in
   * check mode. Absent: it is unknown then.
   */
  readonly result?: Readonly<Record<string, unknown>>;
  /** With `verify: 'none'`: the result's own fields from what the apply printed. */
  readonly report?: (applied: Answer) => Readonly<Record<string, unknown>>;
}

export interface Verify<State> {
  /** Seconds that the change may take to show; the probe is repeated until then. */
  readonly within?: number;
  /** Seconds within which the host is back after the apply has cut the connection. */
  readonly reconnect?: number;
  /**
   * Proves the change from the state after it; text says what is missing. Absent: `decide` must
   * answer `ok`.
   */
  readonly proves?: (after: State) => string | undefined;
}

/** Whether a change takes the host down, or cuts the connection, and the host comes back. */
export function reconnectsAfter({ verify }: Pick<Change, 'verify'>): boolean {
  return typeof verify === 'object' && verify.reconnect !== undefined;
}

/** The host is in a state in which this task will not act. */
export interface Refuse {
  readonly kind: 'refuse';
  /** What is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
  /**
   * What must be there first; if an earlier task would make it, check mode says "unknown" and not
   * "failed".
   */
  readonly needs?: readonly Resource[];
  /**
   * What is to be done once that is there: check mode foresees it where it is sure that an earlier
   * task makes it.
   */
  readonly once?: Change;
  /** As in {@link Change}. */
  readonly standing?: readonly Pending[];
  /** The result's own fields, where there are any. */
  readonly result?: Readonly<Record<string, unknown>>;
}

export interface HazardNotice {
  readonly hazard: Hazard;
  /** What is in danger: a device, a domain, a unit, the host. */
  readonly subject: string;
  /** What will happen to it, as a sentence. */
  readonly because: string;
}

/**
 * The host is as it should be.
 * @param reason why nothing is to be done, as a short phrase: "is absent already"
 */
export function ok(reason: string, more: Omit<Ok, 'kind' | 'reason'> = {}): Ok {
  return { kind: 'ok', reason, ...more };
}

/**
 * Something differs.
 * @param reason what differs, as a short phrase: "stored and live value differ"
 */
export function change<State>(reason: string, rest: Omit<Change<State>, 'kind' | 'reason'>): Change<State> {
  return { kind: 'change', reason, ...rest };
}

/** The task will not act. @param message what is wrong @param advice what to do about it */
export function refuse(
  message: string,
  advice: string,
  more: Omit<Refuse, 'kind' | 'message' | 'advice'> = {},
): Refuse {
  return { kind: 'refuse', message, advice, ...more };
}

/** Lists of a change that has several parts are those of all of them. */
const lists = ['sends', 'creates', 'alters', 'removes', 'replaces', 'hazards'] as const;

/**
 * What one part of a change does: a file that is stored, or what is in force in the running system.
 */
export type ChangePart = Pick<Change, 'diff' | 'apply'> &
  Partial<Pick<Change, 'guard' | 'guarded' | 'contained' | 'rehearse' | (typeof lists)[number]>>;

/**
 * Parts of a change as one: what they look at, do and show, one after the other. The guard that is
 * in the apply of a part is kept where it is the only one: the second would leave something done.
 */
export function inSequence(...given: readonly (ChangePart | undefined)[]): ChangePart {
  const parts = given.filter(part => part !== undefined);
  const scripts = (name: 'guard' | 'rehearse') => parts.flatMap(part => part[name] ?? []);
  const listed = lists.map(name => [name, parts.flatMap((part): readonly unknown[] => part[name] ?? [])] as const);
  const [guard, rehearse] = [scripts('guard'), scripts('rehearse')];
  const guarded = parts.find(part => part.guarded !== undefined)?.guarded;
  return {
    diff: parts.flatMap(({ diff }) => diff),
    apply: inOrder(...parts.map(({ apply }) => apply)),
    ...(guard.length > 0 && { guard: inOrder(...guard) }),
    ...(rehearse.length > 0 && { rehearse: inOrder(...rehearse) }),
    ...(guarded !== undefined && { guarded }),
    ...(parts.every(({ contained }) => contained) && { contained: true }),
    ...Object.fromEntries(listed.filter(([, list]) => list.length > 0)),
  };
}

/** A setting that is stored in a file and in force in the running system. */
export interface StoredAndLive<State> {
  /** What is decided of the file, if there is one. */
  readonly stored: Decision | undefined;
  /** What changes the running system, where that differs. */
  readonly live: ChangePart | undefined;
  /** What to say where neither differs. */
  readonly same: string;
  /** The result's own fields, and what is pending, whichever the decision is. */
  readonly result?: Readonly<Record<string, unknown>>;
  readonly pending?: readonly Pending[];
  /**
   * The file comes first only where the running system reads it; else what that refuses is not
   * stored.
   */
  readonly first?: 'stored';
  /** What else belongs to a change. */
  readonly more?: Partial<Change<State>>;
}

/**
 * Decides of a setting in both places.
 * @param what is called in the reason ("stored and live value differ"), or makes the reason of
 * which of both differ
 */
export function storedAndLive<State>(
  what: string | ((stored: boolean, live: boolean) => string),
  { stored, live, same, result, pending, first, more }: StoredAndLive<State>,
): Decision<State> {
  if (stored?.kind === 'refuse') return stored;
  const file = stored?.kind === 'change' ? stored : undefined;
  const fields = { ...(result && { result }), ...(pending && { pending }) };
  if (!file && !live) return ok(same, fields);
  const [sayStored, sayLive] = [file !== undefined, live !== undefined];
  return change(typeof what === 'string' ? differing(what, sayStored, sayLive) : what(sayStored, sayLive), {
    ...inSequence(...(first === 'stored' ? [file, live] : [live, file])),
    diff: [...(file?.diff ?? []), ...(live?.diff ?? [])],
    ...fields,
    ...more,
  });
}

/** The reason of a change: "stored and live value differ". */
export function differing(what: string, stored: boolean, live: boolean): string {
  const places = [stored && 'stored', live && 'live'].filter(Boolean).join(' and ');
  return `${places} ${what} ${(stored && live) || what.endsWith('s') ? 'differ' : 'differs'}`;
}

/** A decision whose change goes on with a script. */
export function followedBy<State>(decision: Decision<State>, next: Script): Decision<State> {
  if (decision.kind !== 'change') return decision;
  return { ...decision, contained: false, apply: inOrder(decision.apply, next) };
}
