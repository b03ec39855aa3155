import {
  boot,
  count,
  counts,
  diff,
  flag,
  host,
  hosts,
  inputs,
  leaves,
  line,
  origin,
  pending,
  place,
  play,
  replaced,
  result,
  seconds,
  task,
  text,
} from './event-shapes.ts';

/** What several events have in common, by the name of the field. */
export const eventShapes: Readonly<Record<string, object>> = {
  task,
  result,
  counts,
  pending,
  diff,
  origin,
  inputs,
  line,
  leaves,
  replaced,
};

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
      run: { ...text, description: 'The id of the run; a run that is not recorded has none.' },
      title: { ...text, description: 'The playbooks, or the ad hoc task.' },
      check: { ...flag, description: 'Whether it is check mode.' },
      hosts,
      plays: { type: 'array', items: play, description: 'The plays in their order, with their hosts.' },
      origin,
      inputs,
      resumes: { ...text, description: 'The run that this one continues.' },
      line,
    },
    optional: ['run', 'inputs', 'resumes', 'line'],
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
  'host.owes': {
    about: 'Earlier runs have left something to do on a host.',
    fields: {
      host,
      run: { ...text, description: 'The newest run that has left it.' },
      owed: { type: 'array', items: task, description: 'Handlers that were notified and did not run.' },
      due: { type: 'array', items: pending, description: 'Reboots that are due, if the host is still in this boot.' },
      boot,
    },
    optional: ['boot'],
  },
  'host.facts': {
    about: 'Facts of a host were gathered.',
    fields: { host, facts: { type: 'object', description: 'They, by the name of their group.' } },
  },
  'task.started': { about: 'A host begins a task.', fields: { host, task, place } },
  'item.finished': {
    about: 'An item of the loop of a task is through.',
    fields: {
      host,
      task,
      place,
      index: { ...count, description: 'The number of the item, from 0.' },
      item: { ...text, description: 'The item, or its label.' },
      result,
    },
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
  'task.changing': {
    about:
      'A task is about to change a host. A run that is recorded has this on disk before anything is sent. ' +
      'Where no task.finished follows, it may have been done.',
    fields: {
      host,
      task,
      place,
      on: { ...text, description: 'The host that is changed, where the task is delegated to another.' },
      unproven: { const: true, description: 'No look at the host can tell whether it was done.' },
      boot,
      fields: {
        type: 'object',
        description: "Of a change that takes the host down: the result's own fields as far as they are known.",
      },
      replaces: { type: 'array', items: replaced, description: 'What it takes the place of.' },
      become: {
        type: 'object',
        additionalProperties: false,
        required: ['user', 'method'],
        description: 'As whom it replaces that, where not as the one who logged in.',
        properties: { user: text, method: text },
      },
    },
    optional: ['on', 'unproven', 'boot', 'fields', 'replaces', 'become'],
  },
  'task.finished': {
    about: 'A task is through on a host.',
    fields: {
      host,
      task,
      place,
      result,
      seconds,
      leaves,
      notified: { type: 'array', items: task, description: 'The handlers that it notified.' },
      from: { ...text, description: 'The run whose result this is, where a resumed run takes it over.' },
    },
    optional: ['leaves', 'notified', 'from'],
  },
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
      owed: { type: 'array', items: task, description: 'Handlers that were notified and did not run.' },
      unfinished: { const: true, description: 'It has not gone through all of its plays.' },
      boot,
      roundTrips: { ...count, description: 'Round trips that the run has taken on it.' },
    },
    optional: ['unfinished', 'boot'],
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
        masked: { const: true, description: 'Secrets were taken out of it, or no_log hides what it was about.' },
        ...fields,
      },
    })),
  };
}
