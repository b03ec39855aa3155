import { callFunction } from './functions/function.ts';
import { functions } from './functions/index.ts';

/** A helper of templates: pure, on plain data. */
export interface TemplateHelper {
  readonly parameters: number;
  /** True for `default`, which may be asked about a name that is not there. */
  readonly acceptsUndefined?: boolean;
  readonly call: (...values: readonly unknown[]) => unknown;
}

/** Every helper that `{{ … }}` knows, beside Handlebars' own if, unless, each, with and lookup: the functions, and `default`. */
export const templateHelpers: Readonly<Record<string, TemplateHelper>> = {
  default: { parameters: 2, acceptsUndefined: true, call: (value, fallback) => value ?? fallback },
  ...Object.fromEntries(
    functions.map(one => [
      one.name,
      { parameters: one.params.length, call: (...values: readonly unknown[]) => callFunction(one, values) },
    ]),
  ),
};
