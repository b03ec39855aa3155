import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { accountName } from '../../host/account/database.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', pattern: accountName, description: 'The user.' },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether the user is to exist.' },
    uid: {
      type: 'integer',
      minimum: 0,
      maximum: 4294967294,
      description: 'The number. A new one is also given to the files in the home, and to no others.',
    },
    group: {
      anyOf: [
        { type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*\\$?$' },
        { type: 'integer', minimum: 0 },
      ],
      description:
        'The primary group, by name or number. Not given where the user is made: a group ' +
        'of the same name, which is made unless it exists.',
    },
    groups: {
      type: 'array',
      items: { type: 'string', pattern: accountName },
      'x-form': 'a list: [libvirt, kvm]',
      description: 'Further groups: exactly these, or with append at least these.',
    },
    append: { type: 'boolean', default: false, description: 'Leaves the user in other groups, too.' },
    shell: { type: 'string', pattern: '^/[^:\\n]*$', description: 'The login shell.' },
    home: { type: 'string', pattern: '^/[^:\\n]*$', description: 'The home directory. Nothing is moved to a new one.' },
    create_home: {
      type: 'boolean',
      default: true,
      description: 'Makes the home directory from /etc/skel where it is missing.',
    },
    system: {
      type: 'boolean',
      default: false,
      description: 'Takes a number of the range for system users where the user is made.',
    },
    comment: { type: 'string', pattern: '^[^:\\n]*$', description: 'The full name or purpose (GECOS).' },
    password: {
      type: 'string',
      'x-secret': true,
      description: 'The crypt hash (openssl passwd -6), or * for a user who cannot log in with a password.',
    },
    update_password: {
      enum: ['always', 'on_create'],
      default: 'always',
      description: 'on_create: the password is set where the user is made, and not owned afterwards.',
    },
    password_lock: {
      type: 'boolean',
      description: 'Whether the password is locked. Keys of SSH log in all the same: for those set expires.',
    },
    expires: {
      anyOf: [{ type: 'number' }, { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' }],
      description: 'When the account ends, as YYYY-MM-DD or seconds since 1970; negative: never.',
    },
    remove: {
      type: 'boolean',
      default: false,
      description: 'With state absent: removes the home and the mail, too (--allow data-loss).',
    },
    force: { type: 'boolean', default: false, description: 'With state absent: even while the user is logged in.' },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'The user.' },
    state: { type: 'string', description: 'present or absent.' },
    uid: { type: 'integer', description: 'The number.' },
    group: { type: 'integer', description: 'The number of the primary group.' },
    groups: { type: 'array', items: { type: 'string' }, description: 'The further groups, by name.' },
    home: { type: 'string', description: 'The home directory.' },
    shell: { type: 'string', description: 'The login shell.' },
    comment: { type: 'string', description: 'The full name or purpose.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Who may look after guests
  user:
    name: ann
    groups: [libvirt, kvm]
    append: true
    shell: /bin/bash
`,
  `- name: No one logs in as bob
  user:
    name: bob
    password_lock: true
    expires: 2024-01-01
`,
];
