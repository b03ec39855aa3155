import { taskStatuses } from './event.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const seconds = { type: 'number', minimum: 0, description: 'Seconds.' } as const;
const hosts = { type: 'array', items: text, description: 'Names of hosts.' } as const;

const pending = {
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'reason'],
  properties: {
    kind: { enum: ['reboot', 'guest-restart', 'remount'], description: 'What it waits for.' },
    subject: { ...text, description: 'The domain, for guest-restart; the mount point, for remount.' },
    reason: { ...text, description: 'What is configured and not yet in effect.' },
  },
} as const;

const diff = {
  type: 'object',
  additionalProperties: false,
  required: ['subject', 'before', 'after'],
  properties: {
    subject: { ...text, description: 'What it is about: a path, a volume group, a domain.' },
    before: { ...text, description: 'As it was.' },
    after: { ...text, description: 'As it is now, or would be.' },
  },
} as const;

const result = {
  type: 'object',
  additionalProperties: false,
  required: ['status', 'message', 'changed', 'diff', 'pending', 'fields'],
  description: 'What it came to.',
  properties: {
    status: {
      enum: taskStatuses,
      description:
        'unknown: check mode cannot tell. unreachable: nothing was begun. lost: the connection broke in the ' +
        'middle, and what became of it is not known.',
    },
    message: { ...text, description: 'For people: why nothing was done, what differed, what went wrong.' },
    hint: { ...text, description: 'What to do about a failure.' },
    changed: { ...flag, description: 'Whether something was altered, or was about to be; also of a failed task.' },
    diff: { type: 'array', items: diff, description: 'What differs.' },
    pending: { type: 'array', items: pending, description: 'What waits for a reboot, a restart or a remount.' },
    settled: { ...flag, description: 'With a failure: pending lists all that still waits.' },
    fields: { type: 'object', description: "The module's own fields, as its documentation names them." },
    ignored: { ...flag, description: 'ignore_errors or ignore_unreachable let the host go on.' },
  },
} as const;

const task = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'name', 'module', 'handler', 'at'],
  description: 'The task.',
  properties: {
    id: { ...text, description: 'The same for all hosts of a play, unique within the run.' },
    name: { ...text, description: 'Its name.' },
    module: { ...text, description: 'The module or action.' },
    role: { ...text, description: 'The role that it belongs to.' },
    handler: { ...flag, description: 'Whether it is a handler.' },
    at: { ...text, description: 'FILE:LINE.' },
  },
} as const;

const countNames = [
  'ok',
  'changed',
  'unreachable',
  'failed',
  'skipped',
  'rescued',
  'ignored',
  'unknown',
  'lost',
  'pending',
] as const;

const counts = {
  type: 'object',
  additionalProperties: false,
  required: countNames,
  description: 'Results of a host, counted. ok counts what went well, changed or not.',
  properties: Object.fromEntries(countNames.map(name => [name, count])),
} as const;

const host = { ...text, description: 'The host.' } as const;

/** What several events have in common, by the name of the field. */
export const eventShapes: Readonly<Record<string, object>> = { task, result, counts, pending, diff };

/** An event's fields, and which of them may be missing. */
interface EventKind {
  readonly about: string;
  readonly fields: Readonly<Record<string, object>>;
  readonly optional?: readonly string[];
}

/** The events of a run by their type, in the order in which they may come. */
export const eventKinds: Readonly<Record<string, EventKind>> = {
  'run.started': {
    about: 'The run begins.',
    fields: {
      version: { const: 1, description: 'The version of this format.' },
      title: { ...text, description: 'The playbooks, or the ad hoc task.' },
      check: { ...flag, description: 'Whether it is check mode.' },
      hosts,
    },
  },
  'play.started': {
    about: 'A play begins.',
    fields: { play: { ...text, description: 'Its name.' }, hosts, tasks: { ...count, description: 'How many.' } },
  },
  'batch.started': {
    about: 'A batch of a play with serial begins.',
    fields: {
      play: { ...text, description: 'The play.' },
      hosts,
      batch: { ...count, description: 'Its number, from 1.' },
      of: { ...count, description: 'How many there are.' },
    },
  },
  'task.started': { about: 'A host begins a task.', fields: { host, task } },
  'item.finished': {
    about: 'An item of the loop of a task is through.',
    fields: { host, task, item: { ...text, description: 'The item, or its label.' }, result },
  },
  'task.output': {
    about: 'What a task prints that takes longer than a second, told each second. Its result has all of it.',
    fields: {
      host,
      task,
      stream: { enum: ['stdout', 'stderr'], description: 'Where it was printed.' },
      text: { ...text, description: 'Whole lines, at most the last 64 KiB since the last event.' },
      dropped: { ...count, description: 'Lines before these that were too many to tell.' },
    },
  },
  'task.retrying': {
    about: 'A task with until is tried again.',
    fields: {
      host,
      task,
      attempt: { ...count, description: 'Attempts so far.' },
      of: { ...count, description: 'Attempts at most.' },
    },
  },
  'task.finished': { about: 'A task is through on a host.', fields: { host, task, result, seconds } },
  'task.rescued': {
    about: 'A block has rescued a failed task.',
    fields: { host, task, failures: { ...count, description: 'Failures of this host that the block has counted.' } },
  },
  'host.unreachable': {
    about: 'A host cannot be reached, outside a task.',
    fields: { host, message: { ...text, description: 'Why.' }, hint: { ...text, description: 'What to do.' } },
    optional: ['hint'],
  },
  'host.failed': {
    about: 'A host goes no further, outside a task.',
    fields: { host, message: { ...text, description: 'Why.' } },
  },
  'host.stopped': {
    about: 'A host is well, and goes no further because of others.',
    fields: { host, reason: { ...text, description: 'Why.' } },
  },
  message: {
    about: 'Something that people should know.',
    fields: {
      level: { enum: ['info', 'warning'], description: 'How much it matters.' },
      host,
      text: { ...text, description: 'What is to be said.' },
    },
    optional: ['host'],
  },
  'host.finished': {
    about: 'All that concerns a host is through.',
    fields: {
      host,
      counts,
      pending: { type: 'array', items: pending, description: 'What still waits on the host.' },
      owed: { type: 'array', items: text, description: 'Handlers that were notified and did not run.' },
      roundTrips: { ...count, description: 'Round trips that the run has taken on it.' },
    },
  },
  'run.finished': {
    about: 'The run is over. It is the last event.',
    fields: {
      exitCode: { ...count, description: 'The exit code.' },
      seconds,
      hosts: { type: 'object', additionalProperties: counts, description: 'The counts of each host.' },
    },
  },
};

/** JSON Schema of one line of `-o jsonl` and `--report`. */
export function eventSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'An event of a run of Hostwright',
    oneOf: Object.entries(eventKinds).map(([type, { about, fields, optional = [] }]) => ({
      type: 'object',
      description: about,
      additionalProperties: false,
      required: ['seq', 'time', 'type', ...Object.keys(fields).filter(name => !optional.includes(name))],
      properties: {
        seq: { type: 'integer', minimum: 1, description: 'From 1, without gaps.' },
        time: { ...text, description: 'ISO 8601, UTC.' },
        type: { const: type },
        ...fields,
      },
    })),
  };
}
