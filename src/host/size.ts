/** Powers of 1024 by their letter, as LVM and QEMU write sizes. */
const units: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40, P: 2 ** 50 };

/**
 * JSON Schema of a size: `256M`, `1.5G`, `4MiB` or bytes as a number. Letters count in powers of
 * 1024.
 */
export const sizeSchema = {
  anyOf: [
    { type: 'string', pattern: '^[0-9]+([.][0-9]+)?\\s*([KMGTP](i?B)?|B)?$' },
    { type: 'integer', minimum: 0 },
  ],
} as const;

/**
 * JSON Schema of the size of a volume: with a unit, since a bare number is bytes here and MiB for
 * lvcreate.
 */
export const volumeSizeSchema = {
  type: 'string',
  pattern: '^[0-9]+([.][0-9]+)?\\s*([KMGTP](i?B)?|B)$',
  'x-form': 'a number with a unit, K, M, G, T or P in powers of 1024 (512M, 1.5G)',
} as const;

/** Bytes of a size as {@link sizeSchema} allows it; undefined if the text is none. */
export function parseSize(size: string | number): number | undefined {
  if (typeof size === 'number') return size;
  const match = /^([0-9]+(?:[.][0-9]+)?)\s*([KMGTP]?)(?:i?B)?$/i.exec(size.trim());
  return match ? Math.round(Number(match[1]) * units[match[2]!.toUpperCase()]!) : undefined;
}

/** A size for people: the largest unit that divides it, else two decimals. */
export function formatSize(bytes: number): string {
  const steps = Object.entries(units).toReversed();
  const exact = steps.find(([, factor]) => bytes >= factor && bytes % factor === 0);
  if (bytes === 0 || exact?.[0] === '') {
    const near = steps.find(([, factor]) => bytes >= factor) ?? ['', 1];
    return near[1] === 1 ? `${bytes} B` : `${(bytes / near[1]).toFixed(2)} ${near[0]}iB`;
  }
  return exact ? `${bytes / exact[1]} ${exact[0]}iB` : `${bytes} B`;
}
