import { type Measured, matrix2016, type Operation, type Row, type Winner } from './matrix-2016.ts';

/**
 * From this many guests on one device the columns of many guests count; 2016 measured one and
 * sixteen.
 */
export const manyGuests = 4;

/** What identifies a row. */
export type RowKey = Pick<Row, 'disk' | 'fs' | 'format' | 'allocation' | 'nfs'>;

/** The measured column of a row, undefined where that was not measured. */
export function measuredIn2016(key: RowKey, guests: number): Measured | undefined {
  const names = ['disk', 'fs', 'format', 'allocation', 'nfs'] as const;
  const row = matrix2016.find(one => names.every(name => one[name] === key[name]));
  return row && (guests >= manyGuests ? row.multi : row.single);
}

/** Which won for a kind of work. */
export function winnerOf({ base, except, lean }: Measured, workload: Operation | 'mixed'): Winner {
  if (workload !== 'mixed' && except?.[workload] !== undefined) return 'threads';
  return base === 'either' ? (lean ?? 'native') : base;
}

/** The column as a phrase: `native, but threads for read (6%)`. */
export function describeMeasured({ base, except = {}, note }: Measured): string {
  const others = Object.entries(except).map(([name, margin]) => (margin === '' ? name : `${name} (${margin})`));
  const first = base === 'either' ? 'no difference' : base;
  const but = others.length === 0 ? '' : `, but threads for ${others.join(' and ')}`;
  return `${first}${but}${note === undefined ? '' : `; ${note}`}`;
}
