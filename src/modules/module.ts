import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { Decision } from '../decision.ts';
import type { Diff, Hazard, Pending } from '../events/result.ts';
import { accept, CannotTell, type Resource } from '../shell/answer.ts';
import type { Answer, Script } from '../shell/script.ts';
import type { LocalFile, LocalGoal, Put, Send } from '../transfers.ts';

export type { Diff, Hazard, LocalFile, LocalGoal, Pending, Put, Resource, Send };
export { accept, CannotTell };

/**
 * The module contract: a module never "does" anything. It gives a read-only probe, reads its answer into a typed state, and decides by a
 * pure function; where something differs the decision carries the script that fixes it. Everything
 * else (validating arguments, check mode,
 * diffs, consent, verifying, counting) is the engine's, so that no module can get it wrong.
 */
export interface Module<Args = never, State = never> {
  /** The name in playbooks; Ansible's where Ansible has the module. */
  readonly name: string;
  /** One line for the list of modules. */
  readonly summary: string;
  /** Markdown for `hostwright doc`: what is owned, what is left alone, when a change takes effect. */
  readonly description?: string;
  /** JSON Schema of the arguments: an object with `additionalProperties: false`; every property has a `description`. */
  readonly args: ObjectSchema;
  /** The argument that a plain string stands for (`command: uptime`). */
  readonly freeForm?: string;
  /** JSON Schema of the result's own fields, in addition to `changed`, `failed`, `msg`, `diff` and `pending`. */
  readonly returns: ObjectSchema;
  /**
   * Of a module that reads: what it found, as text for people, from the result's own fields.
   * `hostwright run` prints it.
   */
  readonly found?: (fields: Readonly<Record<string, unknown>>) => string;
  /** Tasks as YAML text, for the documentation; a test lints each. */
  readonly examples: readonly string[];
  /** The pending condition that this module settles; such a module may be a handler with `if: pending`. */
  readonly settles?: Pending['kind'];
  /** True where a change is only waiting: it is never counted as changed, and check mode cannot tell what it would wait for. */
  readonly waits?: boolean;
  /** True where no probe proves a change, so that `async` with `poll: 0` may leave it to run on its own. */
  readonly background?: boolean;
  /** True where the probe runs the user's own code (`only_if`, `reads`), which is never sent ahead. */
  readonly userCode?: (args: Args) => boolean;
  /** What the schema cannot say about arguments; each problem is shown at the argument it names. Runs before any connection. */
  readonly check?: (args: Args) => readonly ArgumentProblem[];
  /**
   * The single attributes that these arguments own. Two tasks of a play that give different values for one attribute of one subject are an
   * error before the run.
   */
  readonly owns?: (args: Args) => readonly Owned[];
  /**
   * The file of the controller that the module writes with `fetches`, for a host of this name; a relative path starts at the playbook. What is there
   * comes as `Context.local`.
   */
  readonly local?: (args: Args, host: string) => string;
  /** Reads only: it may run at any time, any number of times, in check mode too. */
  readonly probe: (args: Args, context: Context) => Script;
  /**
   * Turns the probe's answer into a state. Accepts only what it knows: any other exit code or text is a {@link CannotTell}, never
   * "not there".
   * @throws CannotTell
   */
  readonly read: (answer: Answer, args: Args, context: Context) => State;
  /** Pure: the same arguments and state always give the same decision. */
  readonly decide: (args: Args, state: State, context: Context) => Decision<State>;
}

/** Any module, where its types do not matter. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds modules of every argument and state type.
export type AnyModule = Module<any, any>;

export interface ObjectSchema {
  readonly type: 'object';
  readonly additionalProperties?: boolean;
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  readonly description?: string;
}

export interface ArgumentProblem {
  readonly argument: string;
  readonly message: string;
}

export interface Owned {
  /** What is tuned: `domain vm1`, `kernel command line`, `logical volume vmpool/vm1`. */
  readonly subject: string;
  /** Which part of it: `disk vda driver cache`, `hugepages`. */
  readonly attribute: string;
  readonly value: string;
}

/** What the engine hands to a module in addition to its arguments. */
export interface Context {
  /**
   * Files of the controller by argument name: each argument whose schema says `"x-file": "source"` (a file of the role, read as it is) or
   * `"x-file": "template"` (rendered for this host).
   */
  readonly files: Readonly<Record<string, LocalFile>>;
  /** For a module that has `local`: that file. */
  readonly local?: LocalGoal;
  /** The conditions that are pending on the host as far as this run has seen. */
  readonly pending: readonly Pending[];
}

/** The arguments as TypeScript sees them. */
type ArgsOf<Schema> = Schema extends JSONSchema ? FromSchema<Schema> : never;

interface Definition<Schema extends ObjectSchema, State> extends Omit<Module<ArgsOf<Schema>, State>, 'args'> {
  readonly args: Schema;
}

/** Makes a module: checks nothing at run time, but ties the argument type to its schema. Defaults of the schema are filled in already. */
export function defineModule<const Schema extends ObjectSchema, State>(
  definition: Definition<Schema, State>,
): Module<ArgsOf<Schema>, State> {
  return Object.freeze(definition) as unknown as Module<ArgsOf<Schema>, State>;
}
