import type { ValueFunction } from './function.ts';

const value = { name: 'value', type: 'dyn' } as const;

/**
 * Functions whose first argument may be missing, even if no file declares the name that it begins
 * with.
 */
export const presenceFunctions: readonly ValueFunction[] = [
  {
    name: 'defined',
    summary: 'Whether a variable or a part of one exists; null exists too.',
    params: [value],
    returns: 'bool',
    example: { args: [null], gives: true },
    asks: true,
    call: (given: unknown) => given !== undefined,
  },
  {
    name: 'default',
    summary: 'The value, or the fallback where the value is missing or null.',
    params: [value, { name: 'fallback', type: 'dyn' }],
    returns: 'dyn',
    example: { args: [null, 'none'], gives: 'none' },
    asks: true,
    call: (given: unknown, fallback: unknown) => given ?? fallback,
  },
  {
    name: 'truthy',
    summary: 'False for what is missing, null, false, 0, an empty text, list or map; true for all else.',
    params: [value],
    returns: 'bool',
    example: { args: [[]], gives: false },
    asks: true,
    call: isTruthy,
  },
];

/** Whether Python would take a value for true. */
export function isTruthy(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}
