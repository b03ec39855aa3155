/** Powers of 1024 by their letter, as LVM and QEMU write sizes. */
const units: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40, P: 2 ** 50 };

/** What a schema of a size is to TypeScript: modules get bytes, whatever was written. */
interface SizeSchema {
  readonly type: 'number';
  readonly 'x-size': true;
}

/**
 * JSON Schema of a size: `256M`, `1.5G`, `4MiB` or bytes as a number. Letters count in powers of
 * 1024.
 */
export const sizeSchema = {
  anyOf: [
    { type: 'string', pattern: '^[0-9]+([.][0-9]+)?\\s*([KMGTP](i?B)?|B)?$' },
    { type: 'integer', minimum: 0 },
  ],
  'x-size': true,
} as unknown as SizeSchema;

/**
 * The form of the size of a volume: with a unit, since a bare number is bytes here and MiB for
 * lvcreate.
 */
const volumeSize = '[0-9]+([.][0-9]+)?\\s*([KMGTP](i?B)?|B)';
const volumeForm = 'a number with a unit, K, M, G, T or P in powers of 1024 (512M, 1.5G)';

/** JSON Schema of the size of a volume. */
export const volumeSizeSchema = {
  type: 'string',
  pattern: `^${volumeSize}$`,
  'x-form': volumeForm,
  'x-size': true,
} as unknown as SizeSchema;

/** The same, or a share of what a volume group has: bytes, or the share as it was written. */
export const sizeOrShareSchema = {
  type: 'string',
  pattern: `^(${volumeSize}|[1-9][0-9]?%(FREE|VG)|100%(FREE|VG))$`,
  'x-form': `${volumeForm}, or a share (100%FREE, 50%VG)`,
  'x-size': true,
} as unknown as { readonly anyOf: readonly [SizeSchema, { readonly type: 'string' }] };

/** Bytes of a size as {@link sizeSchema} allows it; undefined where the text is not one. */
export function parseSize(size: string | number): number | undefined {
  if (typeof size === 'number') return size;
  const [, count, letter = ''] = /^([0-9]+(?:[.][0-9]+)?)\s*([KMGTP]?)(?:i?B)?$/i.exec(size.trim()) ?? [];
  const unit = units[letter.toUpperCase()];
  return count === undefined || unit === undefined ? undefined : Math.round(Number(count) * unit);
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
