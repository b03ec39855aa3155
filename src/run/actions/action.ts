import type { ArgsOf, Callable, ObjectSchema } from '../../callable.ts';
import type { TaskResult } from '../../events/event.ts';
import type { NewHost } from '../../inventory/change.ts';
import type { Layer, Scope } from '../../values/scope.ts';

/** What an action sees: pure values of the controller, no host. */
export interface ActionContext {
  readonly scope: Scope;
  /** The verbosity of the run: how often `-v` was given. */
  readonly verbosity: number;
  /** Folders in which files of variables are looked for, in order. */
  readonly variablesPath: readonly string[];
}

/** What an action comes to. */
export interface ActionOutcome {
  readonly result: TaskResult;
  /** Set on the host from here on, as strong as a register. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Set on the host from here on, weaker than what `set_fact` sets. */
  readonly included?: readonly Layer[];
  /** What it does to the run. */
  readonly effect?: Effect;
  /** What the host does next. */
  readonly next?: Next;
}

/** A task that concerns the run and not the host: it runs on the controller, in check mode too. */
export interface Action<Args = never> extends Callable<Args> {
  /** What it does to the run is to be done again in a run that continues a recorded one. */
  readonly again?: true;
  readonly run: (args: Args, context: ActionContext) => ActionOutcome;
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds actions of every argument type.
export type AnyAction = Action<any>;

interface Definition<Schema extends ObjectSchema> extends Omit<Action<ArgsOf<Schema>>, 'args'> {
  readonly args: Schema;
}

/** Makes an action; ties the type of its arguments to their schema. */
export function defineAction<const Schema extends ObjectSchema>(
  definition: Definition<Schema>,
): Action<ArgsOf<Schema>> {
  return Object.freeze(definition) as unknown as Action<ArgsOf<Schema>>;
}

/** What an action does to the run itself. */
export type Effect =
  | { readonly kind: 'add_host'; readonly host: NewHost }
  | { readonly kind: 'group_by'; readonly group: string; readonly parents: readonly string[] }
  | { readonly kind: 'pause'; readonly seconds: number }
  | { readonly kind: 'clear_host_errors' | 'refresh_facts' | 'refresh_inventory' | 'reset_connection' };

/** What a `meta` task asks the host's runner to do next. */
export type Next = 'flush_handlers' | 'end_host' | 'end_batch' | 'end_play';
