const factors: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** Bytes of a text like `512K`, `8M`, `1G` or `1048576`. @throws Error */
export function bytesOf(text: string): number {
  const [, number, unit] = /^(\d+)([KMG]?)$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`"${text}" is not a size: write 512K, 8M, 1G or bytes.`);
  return Number(number) * factors[unit!]!;
}

/** The size with the largest unit that divides it. */
export function sizeText(bytes: number): string {
  const unit = ['G', 'M', 'K'].find(each => bytes > 0 && bytes % factors[each]! === 0);
  return unit ? `${bytes / factors[unit]!} ${unit}iB` : `${bytes} B`;
}
