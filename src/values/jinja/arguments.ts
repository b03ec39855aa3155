import type { Form } from './form.ts';

/** The arguments of a filter, test, method or function of Jinja. */
export interface Arguments {
  readonly placed: readonly Form[];
  readonly named: ReadonlyMap<string, Form>;
}

/**
 * What a filter, test or method with these arguments is here; undefined where nothing here is like
 * it.
 */
export type Rewrite = (value: Form, args: Arguments) => Form | undefined;

/**
 * A rewrite that takes its arguments in the order of Jinja's parameters. One without a parameter
 * has nothing like it here: to leave it out would change what the expression means.
 */
export function taking(
  parameters: readonly string[],
  rewrite: (value: Form, ...args: readonly (Form | undefined)[]) => Form | undefined,
): Rewrite {
  return (value, { placed, named }) => {
    const free = parameters.slice(placed.length);
    if (placed.length > parameters.length || [...named.keys()].some(name => !free.includes(name))) return undefined;
    return rewrite(value, ...placed, ...free.map(name => named.get(name)));
  };
}

/** The same without those that stand first. */
export function without(count: number, { placed, named }: Arguments): Arguments {
  return { placed: placed.slice(count), named };
}
