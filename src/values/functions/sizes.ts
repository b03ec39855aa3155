import type { ValueFunction } from './function.ts';

/** Powers of 1024 by their letter. */
const letters = ['', 'K', 'M', 'G', 'T', 'P'];

/** Functions on sizes in bytes. */
export const sizeFunctions: readonly ValueFunction[] = [
  {
    name: 'from_size',
    summary: 'The bytes of a size such as 4G, 4GiB or 512 K, in powers of 1024.',
    params: [{ name: 'size', type: 'string' }],
    returns: 'int',
    example: { args: ['1.5GiB'], gives: 1_610_612_736 },
    call: (size: string) => {
      const [, count, letter = ''] = /^\s*([0-9]+(?:[.][0-9]+)?)\s*([KMGTP]?)(?:i?B)?\s*$/i.exec(size) ?? [];
      if (count === undefined) throw new TypeError(`"${size}" is not a size; write 4G, 512M or 1.5TiB`);
      return Math.round(Number(count) * 1024 ** letters.indexOf(letter.toUpperCase()));
    },
  },
  {
    name: 'to_size',
    summary: 'Bytes as a size: the largest unit of 1024 that leaves a whole number.',
    params: [{ name: 'bytes', type: 'int' }],
    returns: 'string',
    example: { args: [1_610_612_736], gives: '1536MiB' },
    call: (bytes: number) => {
      const power = letters.findLastIndex((_, at) => bytes % 1024 ** at === 0);
      return bytes === 0 ? '0' : `${bytes / 1024 ** power}${letters[power]}${power === 0 ? '' : 'iB'}`;
    },
  },
];
