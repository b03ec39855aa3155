import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath, writeSchemas } from '../../host/file/arguments.ts';
import { attributeSchemas } from '../../host/file/attributes.ts';
import { resultSchemas } from '../../host/file/replace.ts';

const child = { anyOf: [{ type: 'string' }, { type: 'object', minProperties: 1, maxProperties: 1 }] } as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'xpath'],
  properties: {
    path: { ...hostPath, description: 'The absolute path of the file.' },
    xpath: { type: 'string', pattern: '^/', description: 'What is owned: /domain/features, /a/b[@id="1"]/@name.' },
    namespaces: {
      type: 'object',
      default: {},
      additionalProperties: { type: 'string' },
      propertyNames: { pattern: '^[A-Za-z_][\\w.-]*$' },
      description: 'URIs of the prefixes in xpath and in new children.',
    },
    state: {
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether what xpath leads to is to be there; with attribute, whether that is.',
    },
    attribute: {
      type: 'string',
      pattern: '^[A-Za-z_][\\w.-]*$',
      description: 'The attribute of the elements that value sets, or that state absent removes.',
    },
    value: {
      anyOf: [{ type: 'string' }, { type: 'number' }],
      description: 'The text of the elements, or of their attribute.',
    },
    add_children: {
      type: 'array',
      items: child,
      description:
        'Children that the elements are to have: name, {name: text}, or {name: {attribute: value, _: [children]}}.',
    },
    set_children: {
      type: 'array',
      items: child,
      description: 'As add_children, but all the children that there are.',
    },
    count: { type: 'boolean', default: false, description: 'Only counts what xpath leads to, and changes nothing.' },
    content: {
      enum: ['attribute', 'text'],
      description: 'Only reads the attributes or texts of what xpath leads to, and changes nothing.',
    },
    ...attributeSchemas,
    ...writeSchemas,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    ...resultSchemas,
    count: { type: 'integer', description: 'With count or content: how many nodes xpath leads to.' },
    matches: {
      type: 'array',
      items: { type: 'object' },
      description: 'With content: {name: text} or {name: {attribute: value}} for each element.',
    },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The network has no DHCP
  xml:
    path: /etc/libvirt/qemu/networks/internal.xml
    xpath: /network/ip/dhcp
    state: absent
`,
  `- name: The service listens on the inner address
  xml:
    path: /etc/app/server.xml
    xpath: /Server/Service/Connector[@port="8080"]
    attribute: address
    value: 10.0.0.1
`,
];
