/**
 * The types of CEL that parameters and values of functions have. A number is `dyn`: whole numbers
 * and others are two types there.
 */
export type ValueType = 'string' | 'int' | 'bool' | 'list' | 'map' | 'dyn';

/**
 * A function of both languages: `{{ basename path }}` in templates, `basename(path)` in
 * expressions. Pure, on plain data.
 */
export interface ValueFunction {
  readonly name: string;
  /** One sentence for the documentation. */
  readonly summary: string;
  readonly params: readonly Parameter[];
  readonly returns: ValueType;
  /** Arguments and what they give; a test asks both languages. */
  readonly example: { readonly args: readonly unknown[]; readonly gives: unknown };
  /** True where the first argument may be missing; it is undefined then. */
  readonly asks?: true;
  /** @throws TypeError, RangeError, SyntaxError in words for whoever wrote the playbook. */
  readonly call: (...values: readonly never[]) => unknown;
}

export interface Parameter {
  readonly name: string;
  readonly type: ValueType;
  readonly optional?: true;
}

/**
 * Calls a function with plain data, once the types of the arguments are known to be right.
 * @throws as the function does, and TypeError
 */
export function callFunction({ params, call }: ValueFunction, values: readonly unknown[]): unknown {
  const least = params.filter(({ optional }) => !optional).length;
  if (values.length < least || values.length > params.length) {
    throw new TypeError(`it takes ${params.map(({ name, optional }) => (optional ? `[${name}]` : name)).join(', ')}`);
  }
  for (const [at, { name, type }] of params.slice(0, values.length).entries()) {
    if (type !== 'dyn' && typeOf(values[at]) !== type)
      throw new TypeError(`"${name}" must be ${words[type]}, not ${words[typeOf(values[at])]}`);
  }
  return call(...(values as readonly never[]));
}

const words: Readonly<Record<ValueType | 'null' | 'double', string>> = {
  string: 'a text',
  int: 'a whole number',
  double: 'a number',
  bool: 'true or false',
  list: 'a list',
  map: 'a map',
  null: 'null',
  dyn: 'any value',
};

function typeOf(value: unknown): ValueType | 'null' | 'double' {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'map';
}
