import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { Pending } from './events/result.ts';

/**
 * What a playbook calls by its name: a module, which looks after a host, or an action, which
 * concerns the run.
 */
export interface Callable<Args = never> {
  /** The name in playbooks; Ansible's where Ansible has it. */
  readonly name: string;
  /** One line for the list of modules. */
  readonly summary: string;
  /**
   * Markdown for `hostwright doc`: what is owned, what is left alone, when a change takes effect.
   */
  readonly description?: string;
  /** Every property has a `description`, and no other is allowed. */
  readonly args: ObjectSchema;
  /** The argument that a plain string stands for (`command: uptime`). */
  readonly freeForm?: string;
  /** The result's own fields, in addition to `changed`, `failed`, `msg`, `diff` and `pending`. */
  readonly returns: ObjectSchema;
  /** Lists of tasks as YAML text, for the documentation; a test lints each. */
  readonly examples: readonly string[];
  /** The pending condition that it settles; such a module may be a handler with `if: pending`. */
  readonly settles?: Pending['kind'];
  /**
   * True where time passes while it runs: what was asked of the host before says nothing of what
   * comes after. Of a module, a change is only waiting: it is never counted as changed, and check
   * mode cannot tell what it would wait for.
   */
  readonly waits?: boolean;
  /**
   * True where no probe proves a change, so that `async` with `poll: 0` may leave it to run on its
   * own.
   */
  readonly background?: boolean;
  /** How a module looks at a host. An action has none: it runs on the controller. */
  readonly look?: unknown;
  /**
   * What the schema cannot say of arguments; each is shown at the argument it names. Runs before
   * any connection.
   */
  readonly problems?: (args: Args) => readonly ArgumentProblem[];
  /** Arguments that are CEL conditions: they are tried before the run. */
  readonly conditions?: (args: Args) => readonly string[];
  /**
   * Arguments that are names of variables, or paths into them: they are looked up before the run.
   */
  readonly variables?: (args: Args) => readonly string[];
  /**
   * The single attributes that these arguments own. Two tasks of a play that give different values
   * for one attribute of one subject are an error before the run.
   */
  readonly owns?: (args: Args) => readonly Owned[];
}

/** A module or an action, where the type of its arguments does not matter. */
// biome-ignore lint/suspicious/noExplicitAny: a catalogue holds callables of every argument type.
export type AnyCallable = Callable<any>;

/** JSON Schema of arguments or of a result. */
export interface ObjectSchema {
  readonly type: 'object';
  readonly additionalProperties?: boolean;
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  readonly description?: string;
}

/**
 * Arguments as a module or an action gets them: defaults are filled in, and sizes are bytes
 * (`x-size`).
 */
export type ArgsOf<Schema> = Schema extends JSONSchema ? FromSchema<Schema> : never;

/** The same of some arguments, by their schemas: those that several modules share. */
export type ArgsOfAll<Properties extends Readonly<Record<string, object>>> = ArgsOf<{
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Properties;
}>;

/** What is wrong with an argument, as a sentence whose subject is the argument: `is needed`. */
export interface ArgumentProblem {
  readonly argument: string;
  readonly message: string;
}

/** One attribute that a task owns, and the value that it gives it. */
export interface Owned {
  /** What is tuned: `domain vm1`, `kernel command line`, `logical volume vmpool/vm1`. */
  readonly subject: string;
  /** Which part of it: `disk vda driver cache`, `hugepages`. */
  readonly attribute: string;
  readonly value: string;
}

/** The texts in those arguments that the schema calls secret (`x-secret`), at any depth. */
export function secretTexts(args: object, schema: ObjectSchema): readonly string[] {
  return secretNames(schema).flatMap(name => textsIn((args as Readonly<Record<string, unknown>>)[name]));
}

const secretsOfSchemas = new WeakMap<ObjectSchema, readonly string[]>();

/** Looked up once for each schema. */
function secretNames(schema: ObjectSchema): readonly string[] {
  const known = secretsOfSchemas.get(schema);
  if (known) return known;
  const { properties } = schema;
  const names = Object.keys(properties).filter(name => (properties[name] as { 'x-secret'?: boolean })['x-secret']);
  secretsOfSchemas.set(schema, names);
  return names;
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
