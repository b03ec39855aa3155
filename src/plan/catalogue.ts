import type { AnyCallable, ObjectSchema } from '../callable.ts';
import { certain } from '../errors.ts';

/** Every module and action by name. */
export type Catalogue = ReadonlyMap<string, AnyCallable>;

/** The module or action of a task that was parsed: its name is one of the catalogue. */
export function callableOf(catalogue: Catalogue, name: string): AnyCallable {
  return certain(catalogue.get(name), `the module ${name}`);
}

/**
 * The arguments that name files of the controller: `x-file: source` is read as it is, `template` is
 * rendered. With `x-file-unless: NAME` it is a path of the host where that argument is true.
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
