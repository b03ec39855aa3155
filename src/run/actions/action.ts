import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { TaskResult } from '../../events/event.ts';
import type { ObjectSchema } from '../../modules/module.ts';
import type { Scope } from '../../values/scope.ts';

/** What an action sees: pure values of the controller, no host. */
export interface ActionContext {
  readonly scope: Scope;
  /** The verbosity of the run: how often `-v` was given. */
  readonly verbosity: number;
}

/** What an action comes to; `variables` are set on the host from here on. */
export interface ActionOutcome {
  readonly result: TaskResult;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Run the notified handlers now. */
  readonly flushHandlers?: boolean;
}

/** A task that concerns the run and not the host: it runs on the controller, in check mode too. */
export interface Action<Args = never> {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly args: ObjectSchema;
  readonly freeForm?: string;
  readonly returns: ObjectSchema;
  readonly examples: readonly string[];
  /** Arguments that are CEL conditions: they are tried before the run. */
  readonly conditions?: (args: Args) => readonly string[];
  readonly run: (args: Args, context: ActionContext) => ActionOutcome;
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds actions of every argument type.
export type AnyAction = Action<any>;

type ArgsOf<Schema> = Schema extends JSONSchema ? FromSchema<Schema> : never;

interface Definition<Schema extends ObjectSchema> extends Omit<Action<ArgsOf<Schema>>, 'args'> {
  readonly args: Schema;
}

/** Makes an action; ties the type of its arguments to their schema. */
export function defineAction<const Schema extends ObjectSchema>(
  definition: Definition<Schema>,
): Action<ArgsOf<Schema>> {
  return Object.freeze(definition) as unknown as Action<ArgsOf<Schema>>;
}
