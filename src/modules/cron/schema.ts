import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { accountName } from '../../host/account/database.ts';

const field = {
  anyOf: [{ type: 'string', pattern: '^[0-9A-Za-z*,/~-]+$' }, { type: 'integer' }],
  default: '*',
} as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      pattern: '^[^\\n]*\\S$',
      description: 'What the entry is called in its comment; with env the name of the variable.',
    },
    job: {
      type: 'string',
      pattern: '^[^\\n\\u0000]*$',
      'x-form': 'one line of text, without a newline at its end',
      description:
        'The command; cron makes newlines of its % signs, so write \\%. With env: the value, which may be empty.',
    },
    state: { enum: ['present', 'absent'], default: 'present', description: 'Whether the entry is to be there.' },
    minute: { ...field, description: 'Minutes: 0-59, lists and steps.' },
    hour: { ...field, description: 'Hours: 0-23.' },
    day: { ...field, description: 'Days of the month: 1-31.' },
    month: { ...field, description: 'Months: 1-12.' },
    weekday: { ...field, description: 'Days of the week: 0-6 from Sunday.' },
    special_time: {
      enum: ['reboot', 'yearly', 'annually', 'monthly', 'weekly', 'daily', 'hourly'],
      description: 'Instead of the five fields.',
    },
    user: {
      type: 'string',
      pattern: accountName,
      description: 'Whose table; with cron_file as whom it runs. Not given: the user of the task; with cron_file root.',
    },
    cron_file: {
      type: 'string',
      pattern: '^([A-Za-z0-9_-]+|/[^\\u0000]*)$',
      description: 'A file of /etc/cron.d (its name may have letters, digits, - and _ only), or an absolute path.',
    },
    disabled: { type: 'boolean', default: false, description: 'The entry is there as a comment.' },
    env: { type: 'boolean', default: false, description: 'Owns a variable and not an entry.' },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    jobs: { type: 'array', items: { type: 'string' }, description: 'The names of the entries that have one.' },
    envs: { type: 'array', items: { type: 'string' }, description: 'The names of the variables.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: Snapshots are thinned out at night
  cron:
    name: thin snapshots
    minute: 17
    hour: 3
    job: /usr/local/sbin/thin-snapshots
    cron_file: snapshots
`,
];
