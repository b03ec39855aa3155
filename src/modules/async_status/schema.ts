import type { ObjectSchema } from '../../callable.ts';
import { runReturns } from '../../host/command/arguments.ts';
import { jobNamePattern } from '../../shell/job.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['jid'],
  properties: {
    jid: {
      type: 'string',
      pattern: jobNamePattern,
      description: 'The job: ansible_job_id of the task that started it.',
    },
    mode: {
      enum: ['status', 'cleanup'],
      default: 'status',
      description: 'status: how far it has come. cleanup: its files are taken away; a job that runs goes on.',
    },
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: {
    ansible_job_id: { type: 'string', description: 'The job.' },
    started: { type: 'boolean', description: 'Whether it was started: true.' },
    finished: { type: 'boolean', description: 'Whether it is over.' },
    results_file: { type: 'string', description: 'The folder of its files.' },
    ...runReturns.properties,
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The copy has come to its end
  async_status:
    jid: j012345678901234
  register: copied
  until: copied.finished
  retries: 60
  delay: 10
`,
];
