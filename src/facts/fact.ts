import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { Answer, Script } from '../shell/script.ts';

/**
 * A group of facts: a module without `decide`. Groups are gathered on demand, all that a play uses
 * in one write; `facts.<name>` is the value, or null where the host does not have what it is about.
 */
export interface FactGroup<Value = unknown> {
  /** The name in expressions and templates: `facts.cpu`. */
  readonly name: string;
  /** One line for `hostwright facts --list`. */
  readonly summary: string;
  /** JSON Schema of the value; it is also its type in expressions. */
  readonly schema: object;
  /** Reads only, as a module's probe; nothing but `sh` and the usual tools is taken for granted. */
  readonly probe: Script;
  /**
   * The typed value; null where the subject is not there (no LVM, no libvirt).
   * @throws CannotTell where it may be there but could not be looked at
   */
  readonly read: (answer: Answer) => Value | null;
}

interface Definition<Schema> extends Omit<FactGroup, 'schema' | 'read'> {
  readonly schema: Schema;
  readonly read: (answer: Answer) => (Schema extends JSONSchema ? FromSchema<Schema> : never) | null;
}

/** Makes a group, and ties what it reads to its schema. */
export function defineFacts<const Schema extends object>(
  definition: Definition<Schema>,
): FactGroup<Schema extends JSONSchema ? FromSchema<Schema> : never> {
  return Object.freeze(definition) as unknown as FactGroup<Schema extends JSONSchema ? FromSchema<Schema> : never>;
}
