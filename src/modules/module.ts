import type { ArgsOf, Callable, ObjectSchema } from '../callable.ts';
import type { Decision } from '../decision.ts';
import type { Pending } from '../events/result.ts';
import type { Look } from '../shell/look.ts';
import type { LocalFile, LocalGoal } from '../transfers.ts';

/**
 * The module contract: a module never "does" anything. It says what it looks at
 * (a read-only probe, and how its answer is read into a typed state) and decides by a pure
 * function; where something differs the decision carries the script that fixes it. Everything else
 * (validating arguments, check mode, diffs, consent, verifying, counting) is the engine's, so that
 * no module can get it wrong.
 */
export interface Module<Args = never, State = never> extends Callable<Args> {
  /**
   * Of a module that reads: what it found, as text for people, from the result's own fields.
   * `hostwright run` prints it.
   */
  readonly found?: (fields: Readonly<Record<string, unknown>>) => string;
  /**
   * True where the probe runs the user's own code (`only_if`, `reads`), which is never sent ahead.
   */
  readonly userCode?: (args: Args) => boolean;
  /**
   * The file of the controller that the module writes with `fetches`, for a host of this name; a
   * relative path starts at the playbook. What is there comes as `Context.local`.
   */
  readonly local?: (args: Args, host: string) => string;
  /**
   * What is looked at, and how the answer is read into a state. What a probe needs is in the
   * arguments and the context alone.
   */
  readonly look: (args: Args, context: Context) => Look<State>;
  /** Pure: the same arguments and state always give the same decision. */
  readonly decide: (args: Args, state: State, context: Context) => Decision<State>;
}

/** Any module, where its types do not matter. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds modules of every argument and state type.
export type AnyModule = Module<any, any>;

/** What the engine hands to a module in addition to its arguments. */
export interface Context {
  /**
   * Files of the controller by argument name: each argument whose schema says `"x-file": "source"`
   * (a file of the role, read as it is) or `"x-file": "template"` (rendered for this host).
   */
  readonly files: Readonly<Record<string, LocalFile>>;
  /** For a module that has `local`: that file. */
  readonly local?: LocalGoal;
  /** The conditions that are pending on the host as far as this run has seen. */
  readonly pending: readonly Pending[];
  /**
   * An earlier run began this change, and was cut: the id of the boot in which that was, and the
   * fields of the result that it knew then.
   */
  readonly begun?: { readonly boot: string; readonly fields: Readonly<Record<string, unknown>> };
}

interface Definition<Schema extends ObjectSchema, State> extends Omit<Module<ArgsOf<Schema>, State>, 'args'> {
  readonly args: Schema;
}

/**
 * Makes a module: checks nothing at run time, but ties the type of its arguments to their schema.
 */
export function defineModule<const Schema extends ObjectSchema, State>(
  definition: Definition<Schema, State>,
): Module<ArgsOf<Schema>, State> {
  return Object.freeze(definition) as unknown as Module<ArgsOf<Schema>, State>;
}
