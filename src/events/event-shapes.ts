import { taskStatuses } from './event.ts';

export const text = { type: 'string' } as const;
export const flag = { type: 'boolean' } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const seconds = { type: 'number', minimum: 0, description: 'Seconds.' } as const;
export const hosts = { type: 'array', items: text, description: 'Names of hosts.' } as const;

export const pending = {
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'reason'],
  properties: {
    kind: { enum: ['reboot', 'guest-restart', 'remount'], description: 'What it waits for.' },
    subject: { ...text, description: 'The domain, for guest-restart; the mount point, for remount.' },
    reason: { ...text, description: 'What is configured and not yet in effect.' },
  },
} as const;

export const diff = {
  type: 'object',
  additionalProperties: false,
  required: ['subject', 'before', 'after'],
  properties: {
    subject: { ...text, description: 'What it is about: a path, a volume group, a domain.' },
    before: { ...text, description: 'As it was.' },
    after: { ...text, description: 'As it is now, or would be.' },
  },
} as const;

export const result = {
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
    undecided: { const: true, description: 'Of check mode: no look can tell whether the change is needed.' },
    ignored: { ...flag, description: 'ignore_errors or ignore_unreachable let the host go on.' },
  },
} as const;

export const task = {
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

export const counts = {
  type: 'object',
  additionalProperties: false,
  required: countNames,
  description: 'Results of a host, counted. ok counts what went well, changed or not.',
  properties: Object.fromEntries(countNames.map(name => [name, count])),
} as const;

export const host = { ...text, description: 'The host.' } as const;

export const boot = { ...text, description: 'The id of the boot that the host is in.' } as const;

/** Where in the run a task is. */
export const place = {
  ...text,
  description:
    'Where in the run it is, the same in each run of the same playbooks: PLAY/STEP.STEP…, numbered from 0; ' +
    '2g is the gate of play 2. Blocks, rounds of loops and handlers are steps of their own.',
} as const;

export const play = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'hosts'],
  properties: { name: { ...text, description: 'Its name.' }, hosts },
} as const;

export const origin = {
  type: 'object',
  additionalProperties: false,
  required: ['operator', 'controller', 'directory', 'arguments', 'process', 'versions'],
  description: 'Who started the run, and how.',
  properties: {
    operator: { ...text, description: 'The user; with sudo, both: "ada (as root)".' },
    controller: { ...text, description: 'The machine that it was started on.' },
    directory: { ...text, description: 'The working folder.' },
    arguments: {
      type: 'array',
      items: text,
      description: 'The command line after the name of the program, without the values of variables.',
    },
    process: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'begun'],
      properties: { id: count, begun: text },
      description: 'The process: its number, and the boot and the clock tick in which it began.',
    },
    commit: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'clean'],
      properties: { id: text, clean: flag },
      description: 'The git commit of the working folder, and whether nothing differs from it.',
    },
    versions: {
      type: 'object',
      additionalProperties: false,
      required: ['hostwright', 'node'],
      properties: { hostwright: text, node: text },
      description: 'Of Hostwright and of Node.',
    },
  },
} as const;

const hashes = { type: 'object', additionalProperties: text } as const;

export const inputs = {
  type: 'object',
  additionalProperties: false,
  required: ['files', 'inventory', 'variables'],
  description: 'Hashes of what the run was made from, with a key of the controller.',
  properties: {
    files: { ...hashes, description: 'Playbooks, roles and other files, by path.' },
    inventory: { ...text, description: 'Hosts, groups and their variables.' },
    variables: { ...hashes, description: 'Variables of the command line, by name.' },
  },
} as const;

export const line = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'number'],
  description: 'The runs that continue each other. On a host, each ends the shells of those before it.',
  properties: {
    id: { ...text, description: 'Names the line; runs of other controllers have other lines.' },
    number: { type: 'integer', minimum: 1, description: 'Which of them it is.' },
  },
} as const;

export const leaves = {
  type: 'object',
  additionalProperties: false,
  description:
    'What it leaves to the tasks after it, as far as the result does not say so and no_log does not hide it. ' +
    'A task with a register, or that sets variables, always has this.',
  properties: {
    register: { description: 'What its register has.' },
    variables: { type: 'object', description: 'The variables that it set.' },
    on: { ...text, description: 'The host that it was done on, where it was delegated to another.' },
    partial: { const: true, description: 'Items of its loop were not begun.' },
  },
} as const;

export const replaced = {
  type: 'object',
  additionalProperties: false,
  required: ['kind'],
  description: 'What a change takes the place of, as far as "restore" can put it back.',
  properties: {
    kind: { enum: ['file', 'domain', 'kernel parameters'], description: 'Which of the following fields it has.' },
    path: { ...text, description: 'Of a file.' },
    kept: { ...text, description: 'The name of a file among what the run keeps on the host; absent: not kept.' },
    size: { ...count, description: 'Of a file, in bytes.' },
    mode: { ...text, description: 'Of a file: four octal digits.' },
    uid: { ...count, description: 'The owner of a file.' },
    gid: { ...count, description: 'The group of a file.' },
    sha256: { ...text, description: 'Of the content of a file, or of the definition of a domain.' },
    after: { ...text, description: 'SHA-256 of the content that takes the place of a file.' },
    name: { ...text, description: 'Of a domain.' },
    uri: { ...text, description: 'Of the libvirt that has a domain.' },
    parameters: { type: 'array', items: text, description: 'Parameters that are set: NAME or NAME=VALUE.' },
    absent: { type: 'array', items: text, description: 'Names of parameters that are not set.' },
  },
} as const;
