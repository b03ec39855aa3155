import { includes } from './coverage.ts';
import type { Measured } from './measure.ts';
import type { Mutation } from './mutation.ts';

/** A test file, and what it executes. */
export type MeasuredTest = { file: string; measured: Measured };

/**
 * The tests that execute the place of a mutation: first those that call a function there or in its
 * file, and of these the quickest.
 */
export function coveringTests(tests: MeasuredTest[], { file, start }: Mutation): MeasuredTest[] {
  const covering = tests.filter(({ measured }) => includes(measured.sources[file]?.ran ?? [], start));
  return covering.toSorted((a, b) => distance(a) - distance(b) || a.measured.seconds - b.measured.seconds);

  function distance({ measured }: MeasuredTest): number {
    const called = measured.sources[file]?.called ?? [];
    if (includes(called, start)) return 0;
    return called.length > 0 ? 1 : 2;
  }
}
