import { isTruthy } from './presence.ts';
import { sameKey } from './same.ts';

/** What templates have as helpers because expressions have it as operators. Pure, on plain data. */
export interface TemplateOperator {
  readonly name: string;
  /** One sentence for the documentation. */
  readonly summary: string;
  readonly example: { readonly args: readonly unknown[]; readonly gives: boolean };
  /** @throws TypeError */
  readonly call: (...values: readonly unknown[]) => boolean;
}

/** Comparisons and logic of templates. */
export const operators: readonly TemplateOperator[] = [
  comparison('eq', 'Whether two values are the same; a number and a text never are.', 'a', 'a', isSame),
  comparison('ne', 'Whether two values differ.', 'a', 'b', (a, b) => !isSame(a, b)),
  comparison(
    'lt',
    'Whether the first of two numbers or texts is less than the second.',
    1,
    2,
    (a, b) => order(a, b) < 0,
  ),
  comparison('le', 'Whether the first is less than the second or the same.', 2, 2, (a, b) => order(a, b) <= 0),
  comparison('gt', 'Whether the first is greater than the second.', 2, 1, (a, b) => order(a, b) > 0),
  comparison('ge', 'Whether the first is greater than the second or the same.', 2, 2, (a, b) => order(a, b) >= 0),
  {
    name: 'and',
    summary: 'Whether all values are true, as truthy has it.',
    example: { args: [true, 'a', []], gives: false },
    call: (...values) => atLeast(2, values).every(isTruthy),
  },
  {
    name: 'or',
    summary: 'Whether any value is true, as truthy has it.',
    example: { args: [false, 'a'], gives: true },
    call: (...values) => atLeast(2, values).some(isTruthy),
  },
  {
    name: 'not',
    summary: 'Whether a value is false, as truthy has it.',
    example: { args: [''], gives: true },
    call: (...values) => !isTruthy(exactly(1, values)[0]),
  },
];

function comparison(
  name: string,
  summary: string,
  ...[first, second, compare]: readonly [unknown, unknown, (a: unknown, b: unknown) => boolean]
): TemplateOperator {
  return {
    name,
    summary,
    example: { args: [first, second], gives: true },
    call: (...values) => {
      const [a, b] = exactly(2, values);
      return compare(a, b);
    },
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return sameKey(a) === sameKey(b);
}

function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== 'string' || typeof b !== 'string') throw new TypeError('it compares two numbers or two texts');
  return a < b ? -1 : a > b ? 1 : 0;
}

function exactly(count: number, values: readonly unknown[]): readonly unknown[] {
  if (values.length === count) return values;
  throw new TypeError(`it takes ${count === 1 ? 'one value' : `${count} values`}`);
}

function atLeast(count: number, values: readonly unknown[]): readonly unknown[] {
  if (values.length >= count) return values;
  throw new TypeError(`it takes at least ${count} values`);
}
