import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath } from '../../host/file/arguments.ts';
import { lockTimeout, packageReturns } from '../../host/package/schemas.ts';

/** A trailing dash would mean "remove" to apt-get, a leading one an option. */
const spec = { type: 'string', pattern: '^[A-Za-z0-9]([^\\s]*[^\\s-])?$' } as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: {
      anyOf: [spec, { type: 'array', items: spec }],
      default: [],
      description: 'A package or a list; NAME=VERSION for one version, in which * stands for anything.',
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
      description: 'Seconds for which the lists are fresh, 3600 if it is not given; if it is, update_cache is meant.',
    },
    install_recommends: {
      type: 'boolean',
      description: 'Whether recommended packages come along. Not given: as the host is set up.',
    },
    default_release: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._/=*-]*$',
      description: 'The release to take packages from: bookworm-backports.',
    },
    only_upgrade: {
      type: 'boolean',
      default: false,
      description: 'Leaves packages out that are not installed.',
    },
    allow_downgrade: { type: 'boolean', default: false, description: 'A version may be older than the one there.' },
    allow_removal: {
      type: 'boolean',
      default: false,
      description: 'Packages may be removed to make room for those that are installed.',
    },
    purge: { type: 'boolean', default: false, description: 'With what is removed, its configuration files go too.' },
    autoremove: {
      type: 'boolean',
      default: false,
      description: 'Removes what was installed for other packages and is not needed any more.',
    },
    upgrade: {
      enum: ['no', 'yes', 'safe', 'full', 'dist'],
      default: 'no',
      description: 'All packages: yes or safe removes none for it, full or dist may.',
    },
    deb: { ...hostPath, description: 'The path of a package file on the host.' },
    lock_timeout: lockTimeout,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = packageReturns;

export const examples = [
  `- name: The hypervisor, from backports
  apt:
    name: [qemu-system-x86, libvirt-daemon-system]
    default_release: bookworm-backports
    update_cache: true
    install_recommends: false
`,
  `- name: All security updates
  apt:
    upgrade: safe
    cache_valid_time: 3600
`,
  `- name: Nothing is left of it
  apt:
    name: nano
    state: absent
    purge: true
    autoremove: true
`,
];
