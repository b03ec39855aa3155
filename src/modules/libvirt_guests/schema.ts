import type { ObjectSchema } from '../../callable.ts';
import { uriSchema } from '../../host/libvirt/virsh.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    processes: {
      type: 'boolean',
      default: false,
      description: 'Whether the QEMU of each guest is looked at as well.',
    },
    uri: uriSchema,
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: {
    guests: {
      type: 'array',
      items: { type: 'object' },
      description:
        'For each guest: name, runs, saved (an image that the next start takes), memory ' +
        '(bytes), huge_pages, vcpus {max, current}, pinned (each vCPU is), iothreads ' +
        '(ids), machine, cpu_mode, windows, disks [{target, device, bus, type, source, ' +
        'format, cache, io, discard, iothreads}], parts [{part, configured, live, waits}], ' +
        'process {pid, threads [{name, cpus}], huge_pages [{node, size, pages}], files ' +
        '[{path, direct}], qemu} or null, and would_start: the same arguments of QEMU as ' +
        'libvirt would give now, or why it would not.',
    },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: What the guests are
  libvirt_guests:
    processes: true
  register: found
`,
];
