import { all, map, printed } from '../shell/look.ts';
import { raw } from '../shell/quote.ts';
import { firstLines } from '../shell/read-files.ts';
import { defineFacts } from './fact.ts';
import { need, parseFields } from './parse.ts';
import { integer, list, record } from './schema.ts';

const counts = {
  total: integer('Pages in the pool.'),
  free: integer('Pages that are free.'),
  surplus: integer('Pages beyond the pool, lent for a while.'),
};

export const memory = defineFacts({
  name: 'memory',
  summary: 'Memory, NUMA nodes and huge pages.',
  schema: record({
    total: integer('Bytes that the kernel manages.'),
    available: integer('Bytes that could be had without swapping.'),
    swap: integer('Bytes of swap.'),
    hugepage_size: integer('Bytes of a huge page by default; 0 where the kernel has none.'),
    nodes: list(
      record({ id: integer('The number of the NUMA node.'), total: integer('Bytes.'), free: integer('Bytes.') }),
    ),
    hugepages: list(
      record({
        size: integer('Bytes of a page.'),
        ...counts,
        nodes: list(record({ id: integer('The number of the NUMA node.'), ...counts })),
      }),
      'Each size that the kernel has, the smallest first.',
    ),
  }),
  look: map(
    all({
      meminfo: printed('cat /proc/meminfo', raw('cat /proc/meminfo')),
      nodes: printed(
        'grep',
        raw(
          '[ ! -d /sys/devices/system/node ] || { cd /sys/devices/system/node && grep -sE ' +
            "'Mem(Total|Free):' node[0-9]*/meminfo; }",
        ),
        [0, 1, 2],
      ),
      pages: firstLines(
        raw(
          "[ ! -d /sys/kernel/mm/hugepages ] || { cd /sys/kernel/mm/hugepages && grep -sH '' " +
            'hugepages-*/nr_hugepages hugepages-*/free_hugepages hugepages-*/surplus_hugepages; }',
        ),
      ),
      nodepages: firstLines(
        raw(
          "[ ! -d /sys/devices/system/node ] || { cd /sys/devices/system/node && grep -sH '' " +
            'node[0-9]*/hugepages/hugepages-*/nr_hugepages ' +
            'node[0-9]*/hugepages/hugepages-*/free_hugepages ' +
            'node[0-9]*/hugepages/hugepages-*/surplus_hugepages; }',
        ),
      ),
    }),
    ({ meminfo, pages, nodepages, ...seen }) => {
      const info = parseFields(meminfo);
      const total = kib(need(info.get('MemTotal'), 'total memory'));
      const free = kib(info.get('MemFree') ?? '0 kB');
      const available = info.get('MemAvailable');
      const nodes = readNodes(seen.nodes);
      return {
        total,
        available: available === undefined ? free : kib(available),
        swap: kib(info.get('SwapTotal') ?? '0 kB'),
        hugepage_size: kib(info.get('Hugepagesize') ?? '0 kB'),
        nodes: nodes.length === 0 ? [{ id: 0, total, free }] : nodes,
        hugepages: readPages(pages, nodepages),
      };
    },
  ),
});

function kib(field: string): number {
  return Number.parseInt(field, 10) * 1024;
}

/** `Node 0 MemTotal:  4022996 kB`; with more than one node grep puts the file's name before it. */
function readNodes(text: string): { id: number; total: number; free: number }[] {
  const nodes = new Map<number, { id: number; total: number; free: number }>();
  for (const [, node, field, size = ''] of text.matchAll(/Node (\d+) Mem(Total|Free):\s*(\d+ kB)/g)) {
    const id = Number(node);
    const known = nodes.get(id) ?? { id, total: 0, free: 0 };
    nodes.set(id, { ...known, [field === 'Total' ? 'total' : 'free']: kib(size) });
  }
  return [...nodes.values()].toSorted((a, b) => a.id - b.id);
}

function readPages(pages: ReadonlyMap<string, string>, nodePages: ReadonlyMap<string, string>) {
  const sizes = [...pages.keys()]
    .flatMap(file => /^hugepages-(\d+)kB\/nr_hugepages$/.exec(file)?.[1] ?? [])
    .map(Number);
  return sizes
    .toSorted((a, b) => a - b)
    .map(size => {
      const folder = `hugepages-${size}kB`;
      const ids = [...nodePages.keys()].flatMap(file =>
        file.endsWith(`${folder}/nr_hugepages`) ? (/^node(\d+)/.exec(file)?.[1] ?? []) : [],
      );
      return {
        size: size * 1024,
        ...countsIn(pages, folder),
        nodes: ids
          .map(Number)
          .toSorted((a, b) => a - b)
          .map(id => ({ id, ...countsIn(nodePages, `node${id}/hugepages/${folder}`) })),
      };
    });
}

function countsIn(
  files: ReadonlyMap<string, string>,
  folder: string,
): { total: number; free: number; surplus: number } {
  const count = (name: string) => Number(files.get(`${folder}/${name}_hugepages`) ?? 0);
  return { total: count('nr'), free: count('free'), surplus: count('surplus') };
}
