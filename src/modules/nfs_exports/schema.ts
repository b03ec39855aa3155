import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { exportDefaults } from './exports.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['exports'],
  properties: {
    exports: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['path', 'clients'],
        properties: {
          path: { type: 'string', pattern: '^(/[^/\\s"\\\\#]+)+$', description: 'The directory.' },
          clients: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['to'],
              properties: {
                to: {
                  type: 'string',
                  pattern: '^[A-Za-z0-9@*?:._\\[\\]/-]+$',
                  description: 'A host, a network (10.0.0.0/24), a netgroup (@name) or *.',
                },
                options: {
                  type: 'string',
                  pattern: '^[^\\s(),]+(,[^\\s(),]+)*$',
                  default: exportDefaults,
                  description: 'Options of exports(5); they replace the default.',
                },
              },
            },
            description: 'Who may mount it, and how.',
          },
        },
      },
      description: 'Directories and their clients; an empty list exports nothing.',
    },
    file: {
      type: 'string',
      pattern: '^/etc/exports\\.d/[A-Za-z0-9_-][A-Za-z0-9._-]*\\.exports$',
      default: '/etc/exports.d/hostwright.exports',
      description: 'The file, which is owned as a whole.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    exports: {
      type: 'array',
      items: { type: 'string' },
      description: 'What is exported: "/srv/images 10.0.0.0/24".',
    },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The hosts of the site may mount the images
  nfs_exports:
    exports:
      - path: /srv/images
        clients:
          - { to: 10.0.0.0/24 }
`,
];
