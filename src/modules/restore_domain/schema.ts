import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { definitionSchema } from '../../host/libvirt/define.ts';
import { domainName, uriSchema } from '../../host/libvirt/virsh.ts';
import { changedSinceSchema, leftSchema, runSchema, sha256Schema } from '../../host/restore/refuse.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'run', 'sha256'],
  properties: {
    name: { ...domainName, description: 'The domain.' },
    uri: uriSchema,
    run: runSchema,
    sha256: { ...sha256Schema, description: 'SHA-256 of the definition that it had.' },
    left: leftSchema,
    changed_since: changedSinceSchema,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = { type: 'object', properties: { definition: definitionSchema } } as const satisfies ObjectSchema;

export const examples = [
  `- name: What vm1 was before the run 0kx3m9
  restore_domain:
    name: vm1
    run: 0kx3m9
    sha256: 0a54dfa43a5780f6722f509862a4423aa5c8fda2ecef58a9a39e5ccfed7d2eb9
    left: [58115bb0ee45cb99328bb27738cfa24dac9c07e2b151e50cea9589e1f7f809d5]
`,
];
