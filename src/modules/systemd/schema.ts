import type { ObjectSchema } from '../../callable.ts';
import { serviceResults, serviceSchemas } from '../../host/service/arguments.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...serviceSchemas,
    daemon_reload: {
      type: 'boolean',
      default: false,
      description: 'Lets systemd read unit files again if any has changed.',
    },
    daemon_reexec: {
      type: 'boolean',
      default: false,
      description: 'Lets systemd start itself again if another version is installed than runs.',
    },
    scope: {
      enum: ['system', 'user', 'global'],
      default: 'system',
      description:
        'Whose units: of the system, of the user of the task, or of every user (global: enabled and masked only).',
    },
    no_block: {
      type: 'boolean',
      default: false,
      description: 'Does not wait until the unit has started or stopped.',
    },
    force: {
      type: 'boolean',
      default: false,
      description: 'Replaces links that are in the way of enabling or masking.',
    },
  },
} as const satisfies ObjectSchema;

export const returns = { type: 'object', properties: serviceResults } as const satisfies ObjectSchema;

export const examples = [
  `- name: The timer runs, by its present file
  systemd:
    name: thin-snapshots.timer
    state: started
    enabled: true
    daemon_reload: true
`,
];
