import { all, map, printed } from '../shell/look.ts';
import { raw } from '../shell/quote.ts';
import { firstLines } from '../shell/read-files.ts';
import { defineFacts } from './fact.ts';
import { need, parseFields, parseRanges } from './parse.ts';
import { flag, integer, list, record, text } from './schema.ts';

/**
 * What decides about virtualisation, huge pages, clocks and vector code; the whole list has more
 * than a hundred.
 */
const interesting = new Set(
  (
    'vmx svm ept npt hypervisor pse pdpe1gb constant_tsc nonstop_tsc invpcid ' +
    'aes avx avx2 avx512f sse4_2 smep smap vaes x2apic cpuid'
  ).split(' '),
);

const cpus = list({ type: 'integer' });

export const cpu = defineFacts({
  name: 'cpu',
  summary: 'Processors, their topology and NUMA nodes.',
  schema: record({
    model: text('The name of the processor.'),
    flags: list({ type: 'string' }, `Those it has of ${[...interesting].join(', ')}.`),
    count: record({
      logical: integer('Logical CPUs, offline ones too.'),
      online: integer('Logical CPUs that are online.'),
      cores: integer('Cores with a CPU online.'),
      sockets: integer('Sockets with a CPU online.'),
      threads: integer('Threads of a core, at most.'),
    }),
    logical: list(
      record({
        id: integer('The number by which vcpupin and taskset know it.'),
        online: flag('Whether it runs.'),
        core: integer('The core within its socket; -1 where it is offline.'),
        socket: integer('The socket; -1 where it is offline.'),
        node: integer('The NUMA node; 0 where there are none.'),
        siblings: cpus,
      }),
      'Every logical CPU; siblings are the CPUs of its core, with itself.',
    ),
    nodes: list(
      record({ id: integer('The number of the NUMA node.'), cpus }),
      'NUMA nodes; one where the kernel knows none.',
    ),
    isolated: list({ type: 'integer' }, 'CPUs that the scheduler leaves alone (isolcpus).'),
  }),
  look: map(
    all({
      info: printed('sed', raw("sed -n '/^$/q;p' /proc/cpuinfo")),
      lists: firstLines(raw("cd /sys/devices/system/cpu && grep -sH '' present online isolated")),
      topology: firstLines(
        raw(
          "cd /sys/devices/system/cpu && grep -sH '' cpu[0-9]*/topology/core_id " +
            'cpu[0-9]*/topology/physical_package_id cpu[0-9]*/topology/thread_siblings_list',
        ),
      ),
      nodes: firstLines(
        raw("[ ! -d /sys/devices/system/node ] || { cd /sys/devices/system/node && grep -sH '' node[0-9]*/cpulist; }"),
      ),
    }),
    seen => {
      const info = parseFields(seen.info);
      const { lists, topology } = seen;
      const online = parseRanges(need(lists.get('online'), 'list of online CPUs'));
      const present = parseRanges(need(lists.get('present'), 'list of CPUs'));
      const nodes = readNodes(seen.nodes, present);
      const logical = present.map(id => {
        const at = (file: string) => topology.get(`cpu${id}/topology/${file}`);
        const siblings = parseRanges(at('thread_siblings_list') ?? String(id));
        return {
          id,
          online: online.includes(id),
          core: Number(at('core_id') ?? -1),
          socket: Number(at('physical_package_id') ?? -1),
          node: nodes.find(node => node.cpus.includes(id))?.id ?? 0,
          siblings,
        };
      });
      const running = logical.filter(one => one.online);
      return {
        // Processors other than x86 call it otherwise, or not at all.
        model: info.get('model name') ?? info.get('Model') ?? info.get('cpu') ?? '',
        flags: (info.get('flags') ?? info.get('Features') ?? '').split(' ').filter(name => interesting.has(name)),
        count: {
          logical: present.length,
          online: online.length,
          cores: new Set(running.map(({ socket, core }) => `${socket}:${core}`)).size,
          sockets: new Set(running.map(({ socket }) => socket)).size,
          threads: Math.max(1, ...running.map(one => one.siblings.length)),
        },
        logical,
        nodes,
        isolated: parseRanges(lists.get('isolated') ?? ''),
      };
    },
  ),
});

function readNodes(files: ReadonlyMap<string, string>, all: readonly number[]): { id: number; cpus: number[] }[] {
  const nodes = [...files].map(([file, ranges]) => ({
    id: Number(/^node(\d+)/.exec(file)?.[1]),
    cpus: parseRanges(ranges),
  }));
  return nodes.length === 0 ? [{ id: 0, cpus: [...all] }] : nodes.toSorted((a, b) => a.id - b.id);
}
