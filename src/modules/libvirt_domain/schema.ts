import type { ObjectSchema } from '../../callable.ts';
import { domainSchema } from '../../host/domain/schema.ts';
import { definitionSchema } from '../../host/libvirt/define.ts';

export const args = domainSchema;

export const returns = {
  type: 'object',
  properties: {
    state: { type: 'string', description: "The domain's state, as virsh domstate says it." },
    iothreads: {
      type: 'array',
      items: { type: 'integer' },
      description: 'Ids of the I/O threads of the definition.',
    },
    vcpus: {
      type: 'object',
      properties: { max: { type: 'integer' }, current: { type: 'integer' } },
      description: 'The vCPUs of the definition: the most that it can have, and those it starts with.',
    },
    left_out: {
      type: 'array',
      items: { type: 'string' },
      description: 'What pv_preset would give, and the host does not offer.',
    },
    definition: definitionSchema,
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: vm1 has an I/O thread for its disk
  libvirt_domain:
    name: vm1
    iothreads: 1
    disks:
      vda: {cache: none, io: native, discard: unmap, iothread: 1}
    cputune:
      vcpupin: {0: 2, 1: 3}
      iothreadpin: {1: 0-1}
    live: true
`,
  `- name: winlike has what Windows wants of a hypervisor
  libvirt_domain:
    name: winlike
    pv_preset: windows
    features:
      hyperv: {vendor_id: KVM Hv}
    clock: {offset: utc}
`,
];
