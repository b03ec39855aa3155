import type { ValueFunction } from './function.ts';

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '<': order => order < 0,
  '<=': order => order <= 0,
  '==': order => order === 0,
  '!=': order => order !== 0,
  '>=': order => order >= 0,
  '>': order => order > 0,
};

const version = { type: 'string' } as const;

/** Functions on versions of software. */
export const versionFunctions: readonly ValueFunction[] = [
  {
    name: 'version',
    summary:
      'Whether a version is <, <=, ==, !=, >= or > than another: numbers by value, 1.0~rc1 before 1.0, 1.0 before ' +
      '1.0-1; an epoch (1:) comes first, and is 0 where there is none.',
    params: [
      { name: 'version', ...version },
      { name: 'comparison', ...version },
      { name: 'other', ...version },
    ],
    returns: 'bool',
    example: { args: ['1.10', '>', '1.9'], gives: true },
    call: (a: string, comparison: string, b: string) => {
      const holds = Object.hasOwn(comparisons, comparison) ? comparisons[comparison] : undefined;
      if (!holds) throw new TypeError(`"${comparison}" is none of ${Object.keys(comparisons).join(', ')}`);
      return holds(compare(a, b));
    },
  },
];

/** Compares the epochs of packages, then the rest. */
function compare(a: string, b: string): number {
  return epochOf(a) - epochOf(b) || comparePlain(withoutEpoch(a), withoutEpoch(b));
}

function epochOf(version: string): number {
  return Number(/^(\d+):/.exec(version)?.[1] ?? 0);
}

function withoutEpoch(version: string): string {
  return version.replace(/^\d+:/, '');
}

/**
 * Compares piece by piece: numbers as numbers, letters as text; `~` comes before the end, all else
 * after it.
 */
function comparePlain(a: string, b: string): number {
  const [first, second] = [pieces(a), pieces(b)];
  for (let at = 0; at < Math.max(first.length, second.length); at += 1) {
    const order = comparePieces(first[at], second[at]);
    if (order !== 0) return order;
  }
  return 0;
}

function pieces(text: string): readonly string[] {
  return text.match(/\d+|[A-Za-z]+|~/g) ?? [];
}

function comparePieces(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === '~' || (b === undefined && a !== undefined)) return a === '~' ? -1 : 1;
  if (b === '~' || a === undefined) return b === '~' ? 1 : -1;
  const [isNumber, isOtherNumber] = [/^\d/.test(a), /^\d/.test(b ?? '')];
  if (isNumber && isOtherNumber) return Number(a) - Number(b);
  if (isNumber !== isOtherNumber) return isNumber ? 1 : -1;
  return a < (b ?? '') ? -1 : 1;
}
