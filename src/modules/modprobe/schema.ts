import type { ArgsOf, ObjectSchema } from '../../callable.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9_-]*$', description: 'The kernel module: vhost_net.' },
    params: { type: 'string', pattern: '^[^\\n]*$', default: '', description: 'Its parameters: nested=1 ept=1.' },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether it is to be loaded now.' },
    persistent: {
      enum: ['disabled', 'present', 'absent'],
      default: 'disabled',
      description: 'Whether it is to be loaded at boot; disabled leaves the files alone.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: { live: { enum: ['loaded', 'builtin', 'unloaded'], description: 'Whether it is loaded.' } },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Guests may be hypervisors
  modprobe:
    name: kvm_intel
    params: nested=1
    persistent: present
`,
];
