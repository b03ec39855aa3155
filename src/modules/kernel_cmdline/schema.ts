import type { ArgsOf, ObjectSchema } from '../../callable.ts';

const name = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_.-]*$' } as const;

const value = { type: 'string', pattern: '^[^\\s"\'\\\\$`]*$' } as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    parameters: {
      anyOf: [
        {
          type: 'object',
          propertyNames: name,
          additionalProperties: {
            anyOf: [
              value,
              { type: 'number' },
              { const: true },
              { type: 'array', minItems: 1, items: { anyOf: [value, { type: 'number' }] } },
            ],
          },
        },
        { type: 'array', items: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_.-]*(=[^\\s"\'\\\\$`]*)?$' } },
      ],
      description:
        'A map of name to value (true for a parameter without one, a list for a repeated ' +
        'one), or a list such as [hugepagesz=1G, hugepages=4] where the order among ' +
        'repeated names matters.',
    },
    absent: { type: 'array', items: name, description: 'Names of parameters that must not be there.' },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    parameters: { type: 'array', items: { type: 'string' }, description: 'The parameters as they are configured.' },
    live: { type: 'array', items: { type: 'string' }, description: 'The same parameters of the running kernel.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Four huge pages of 1 GiB from the next boot on
  kernel_cmdline:
    parameters: [hugepagesz=1G, hugepages=4]
`,
  `- name: The IOMMU is on
  kernel_cmdline:
    parameters: {intel_iommu: 'on', iommu: pt}
    absent: [nosmt]
`,
];
