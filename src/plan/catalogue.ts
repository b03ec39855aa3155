import type { ArgumentProblem, ObjectSchema, Owned } from '../modules/module.ts';

/** What the plan has to know of a module or action. */
export interface Callable {
  readonly name: string;
  readonly args: ObjectSchema;
  readonly returns: ObjectSchema;
  readonly freeForm?: string;
  /** The pending condition that it settles. */
  readonly settles?: string;
  /** Whether it may be left to run on its own; an action has no probe and runs on the controller. */
  readonly background?: boolean;
  readonly probe?: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the catalogue holds modules of every argument type.
  readonly check?: (args: any) => readonly ArgumentProblem[];
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly conditions?: (args: any) => readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly variables?: (args: any) => readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly owns?: (args: any) => readonly Owned[];
}

/** Every module and action by name. */
export type Catalogue = ReadonlyMap<string, Callable>;

/**
 * The arguments that name files of the controller: `x-file: source` is read as it is, `template` is rendered. With `x-file-unless: NAME` it is a path of the
 * host where that argument is true.
 */
export function fileArguments(
  schema: ObjectSchema,
  args: Readonly<Record<string, unknown>>,
): readonly { readonly name: string; readonly file: string; readonly kind: 'source' | 'template' }[] {
  return Object.entries(schema.properties).flatMap(([name, property]) => {
    const { 'x-file': kind, 'x-file-unless': unless } = property as {
      'x-file'?: 'source' | 'template';
      'x-file-unless'?: string;
    };
    const file = args[name];
    return kind && typeof file === 'string' && !(unless && args[unless] === true) ? [{ name, file, kind }] : [];
  });
}
