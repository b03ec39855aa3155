import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath } from '../../host/file/arguments.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    host: {
      type: 'string',
      pattern: '^[A-Za-z0-9:][A-Za-z0-9.:_-]*$',
      default: '127.0.0.1',
      description: 'Where the port is.',
    },
    port: { type: 'integer', minimum: 1, maximum: 65535, description: 'The TCP port.' },
    path: { ...hostPath, description: 'The absolute path.' },
    state: {
      enum: ['started', 'present', 'stopped', 'absent'],
      default: 'started',
      description: 'started, present: the port is open, the path is there. stopped, absent: it is not.',
    },
    search_regex: {
      type: 'string',
      minLength: 1,
      description: 'A JavaScript pattern that the last MiB of the file at path holds.',
    },
    timeout: { type: 'integer', minimum: 0, default: 300, description: 'Seconds to wait at most.' },
    delay: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'Seconds to wait before the second look; the first is at once.',
    },
    connect_timeout: { type: 'integer', minimum: 1, default: 5, description: 'Seconds for one connection.' },
    msg: { type: 'string', description: 'What to say if it does not happen.' },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: { state: { type: 'string', description: 'What was waited for.' } },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The console answers
  wait_for:
    port: 5900
    timeout: 30
`,
];
