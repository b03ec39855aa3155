/** The kernel's hexadecimal form of a set of CPUs: groups of 32 bits, `1,0000000f`. */
export function cpuMask(cpus: readonly number[]): string {
  const bits = cpus.reduce((all, cpu) => all | (1n << BigInt(cpu)), 0n).toString(16);
  const width = Math.ceil(bits.length / 8) * 8;
  const groups = bits.padStart(width, '0').match(/.{8}/g) ?? [];
  return groups.join(',').replace(/^0+(?=.)/, '');
}

/** The CPUs of {@link cpuMask}'s form; undefined for other text. */
export function parseCpuMask(text: string): readonly number[] | undefined {
  if (!/^[0-9a-f]+(,[0-9a-f]{8})*$/.test(text)) return undefined;
  const digits = [...text.replaceAll(',', '')].reverse();
  return digits.flatMap((digit, at) =>
    [0, 1, 2, 3].filter(bit => Number.parseInt(digit, 16) & (1 << bit)).map(bit => 4 * at + bit),
  );
}
