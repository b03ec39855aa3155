import type { ObjectSchema } from '../../callable.ts';
import { lockTimeout, packageReturns } from '../../host/package/schemas.ts';

/** A trailing dash would mean "remove" to apt-get, a leading one an option. */
const spec = { type: 'string', pattern: '^[A-Za-z0-9@/]([^\\s]*[^\\s-])?$' } as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: {
      'x-aliases': ['pkg'],
      anyOf: [spec, { type: 'array', items: spec }],
      default: [],
      description: 'A package or a list; NAME=VERSION for one version, as the manager writes it.',
    },
    state: {
      enum: ['present', 'absent', 'latest'],
      default: 'present',
      description: 'present: installed, in any version. latest: in the newest version that the lists know.',
    },
    update_cache: {
      type: 'boolean',
      default: false,
      description: 'Fetches the package lists first, if they are too old.',
    },
    cache_valid_time: {
      type: 'integer',
      minimum: 0,
      default: 3600,
      description: 'Seconds for which the lists are fresh.',
    },
    install_recommends: {
      type: 'boolean',
      description: 'Whether recommended packages come along (apt-get, dnf). Not given: as the host is set up.',
    },
    allow_removal: {
      type: 'boolean',
      default: false,
      description: 'Packages may be removed to make room for those that are installed.',
    },
    lock_timeout: lockTimeout,
  },
} as const satisfies ObjectSchema;

export const returns = packageReturns;

export const examples = [
  `- name: The hypervisor
  package:
    name: [qemu-system-x86, libvirt-daemon-system]
    update_cache: true
    install_recommends: false
`,
];
