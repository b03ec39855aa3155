import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { Look } from '../shell/look.ts';

/**
 * A group of facts: a look that has a name. Groups are gathered on demand, all that a play uses in
 * one write; `facts.<name>` is what it sees, or null where the host does not have what it is about
 * (no LVM, no libvirt). Nothing but `sh` and the usual tools is taken for granted.
 */
export interface FactGroup<Value = unknown> extends Look<Value | null> {
  /** The name in expressions and templates: `facts.cpu`. */
  readonly name: string;
  /** One line for `hostwright facts --list`. */
  readonly summary: string;
  /** JSON Schema of the value; it is also its type in expressions. */
  readonly schema: object;
}

type ValueOf<Schema> = Schema extends JSONSchema ? FromSchema<Schema> : never;

interface Definition<Schema> {
  readonly name: string;
  readonly summary: string;
  readonly schema: Schema;
  readonly look: Look<ValueOf<Schema> | null>;
}

/** Makes a group, and ties what it reads to its schema. */
export function defineFacts<const Schema extends object>({
  look,
  ...group
}: Definition<Schema>): FactGroup<ValueOf<Schema>> {
  return Object.freeze({ ...group, ...look });
}
