import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { packageReturns } from '../../host/package/schemas.ts';

/** No groups (@name): whether one is installed already, dnf does not say in all versions. */
const spec = { type: 'string', pattern: '^([A-Za-z0-9/]\\S*|[*])$' } as const;

const list = { type: 'array', items: { type: 'string', pattern: '^[^\\s-]\\S*$' }, default: [] } as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: {
      anyOf: [spec, { type: 'array', items: spec }],
      default: [],
      description:
        'A package or a list: NAME, NAME-VERSION, a path that it provides. "*" with state latest: all packages.',
    },
    state: {
      enum: ['present', 'absent', 'latest'],
      default: 'present',
      description: 'present: installed, in any version. latest: in the newest version that the repositories have.',
    },
    enablerepo: { ...list, description: 'Repositories to look at in addition.' },
    disablerepo: { ...list, description: 'Repositories not to look at.' },
    update_only: {
      type: 'boolean',
      default: false,
      description: 'With state latest: leaves packages out that are not installed.',
    },
    allowerasing: {
      type: 'boolean',
      default: false,
      description: 'Packages may be removed to make room for those that are installed.',
    },
    nobest: {
      type: 'boolean',
      default: false,
      description: 'An older version will do where the newest cannot be installed.',
    },
    allow_downgrade: { type: 'boolean', default: false, description: 'A version may be older than the one there.' },
    exclude: { ...list, description: 'Packages that are left as they are, with * for anything.' },
    install_weak_deps: {
      type: 'boolean',
      description: 'Whether recommended packages come along. Not given: as the host is set up.',
    },
    update_cache: {
      type: 'boolean',
      default: false,
      description: 'Fetches the metadata of the repositories first, if they are older than an hour.',
    },
    lock_timeout: {
      type: 'integer',
      minimum: 0,
      default: 30,
      description: 'Seconds to wait until another dnf has finished.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = packageReturns;

export const examples = [
  `- name: The hypervisor
  dnf:
    name: [qemu-kvm, libvirt-daemon-kvm]
    install_weak_deps: false
`,
  `- name: All but the kernel in the newest version
  dnf:
    name: "*"
    state: latest
    exclude: [kernel*]
`,
];
