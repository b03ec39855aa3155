import { callFunction } from './function.ts';
import { functions } from './index.ts';
import { operators } from './operators.ts';

/** A helper of templates: pure, on plain data. */
export interface TemplateHelper {
  /** True where the first argument may be missing. */
  readonly acceptsUndefined?: boolean;
  readonly call: (...values: readonly unknown[]) => unknown;
}

/**
 * Every helper that `{{ … }}` knows, next to Handlebars' own if, unless, each, with and lookup, and
 * to `cel`.
 */
export const templateHelpers: Readonly<Record<string, TemplateHelper>> = {
  ...Object.fromEntries(
    functions.map(one => [
      one.name,
      {
        ...(one.asks && { acceptsUndefined: true }),
        call: (...values: readonly unknown[]) => callFunction(one, values),
      },
    ]),
  ),
  ...Object.fromEntries(operators.map(({ name, call }) => [name, { call }])),
};
