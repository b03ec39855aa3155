/** Highest CPU number that libvirt and the kernel know (`CONFIG_NR_CPUS` of the distributions). */
const most = 16_384;

/** JSON Schema of a list of CPUs or NUMA nodes: `2-5,8`, a number, or a list of numbers. */
export const cpuListSchema = {
  anyOf: [
    { type: 'string', pattern: '^\\^?[0-9]+(-[0-9]+)?(,\\^?[0-9]+(-[0-9]+)?)*$' },
    { type: 'integer', minimum: 0 },
    { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 1 },
  ],
} as const;

/** A list as {@link cpuListSchema} allows it. */
export type CpuListArgument = string | number | readonly number[];

/**
 * The numbers of a list, sorted, each once. `^N` takes away from what stands before it, as in
 * libvirt: `0-3,^1` is 0, 2, 3.
 * @returns undefined for text that is not a list.
 */
export function parseCpuList(list: CpuListArgument): readonly number[] | undefined {
  const text = typeof list === 'object' ? list.join(',') : String(list);
  const found = new Set<number>();
  for (const part of text.trim().split(',')) {
    if (part === '' && text.trim() === '') return [];
    const match = /^\s*(\^?)([0-9]+)(?:-([0-9]+))?\s*$/.exec(part);
    const [first, last] = [Number(match?.[2]), Number(match?.[3] ?? match?.[2])];
    if (!match || last < first || last > most) return undefined;
    for (let cpu = first; cpu <= last; cpu += 1) {
      if (match[1] === '^') found.delete(cpu);
      else found.add(cpu);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** The shortest form: sorted ranges, `0,2-3`. */
export function formatCpuList(cpus: readonly number[]): string {
  const sorted = [...new Set(cpus)].sort((a, b) => a - b);
  const starts = sorted.filter(cpu => !sorted.includes(cpu - 1));
  return starts
    .map(start => {
      let end = start;
      while (sorted.includes(end + 1)) end += 1;
      return end === start ? `${start}` : `${start}-${end}`;
    })
    .join(',');
}

/** One form for equal lists; text that is not a list stays as it is. */
export function canonicalCpuList(list: CpuListArgument): string {
  const cpus = parseCpuList(list);
  return cpus ? formatCpuList(cpus) : String(list);
}
