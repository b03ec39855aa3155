import { digits } from './statistics.ts';
import type { Table } from './table.ts';

/** A figure next to what is wanted of it. No test looks at it: it is told. */
export interface Target {
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
}

/**
 * Whether the figure, as it is printed, is within its limit: 1.004 is printed as 1.00, and that is
 * met.
 */
export function met({ bound, limit, value }: Target): boolean {
  const printed = Number(digits(value));
  return bound === 'at most' ? printed <= limit : printed >= limit;
}

/** The targets with their verdicts. */
export function targetTable(targets: readonly Target[]): Table {
  return {
    title: 'Targets',
    head: ['target', 'wanted', 'measured', 'verdict'],
    rows: targets.map(target => {
      const { bound, limit, unit, value, what } = target;
      const name = unit === '' ? '' : ` ${unit}`;
      // What failed has no figure, and has not met anything.
      const measured = Number.isFinite(value) ? `${digits(value)}${name}` : 'failed';
      return [what, `${bound} ${limit}${name}`, measured, met(target) ? 'met' : 'not met'];
    }),
  };
}
