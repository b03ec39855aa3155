import { hazards } from '../../events/result.ts';
import { connectionKinds } from '../connection-kinds.ts';

const text = { type: 'string' } as const;
/** A text that is evaluated for each host: it may be an expression, too. */
const evaluatedText = { type: 'string', 'x-evaluated': true } as const;
const flag = { type: 'boolean' } as const;
/**
 * True or false, or what gives it: a text with `{{ }}` or an expression, which is evaluated later.
 */
const laterFlag = { type: 'boolean', 'x-later': true } as const;
const laterNames = { type: ['string', 'array'], items: { type: 'string' }, 'x-later': true } as const;
const names = { type: ['string', 'array'], items: { type: 'string' } } as const;
const condition = { type: ['string', 'boolean', 'array'], items: { type: ['string', 'boolean'] } } as const;
const map = { type: 'object' } as const;
/** A map, or a text or expression that gives one. */
const environment = { type: ['object', 'string'], pattern: '\\{\\{', 'x-evaluated': true, 'x-form': 'a map' } as const;
/** The parser of steps says what is wrong with a list of tasks. */
const steps = {} as const;
const allow = { type: 'array', items: { enum: hazards } } as const;
const become = {
  become: laterFlag,
  become_user: evaluatedText,
  become_method: { enum: ['sudo', 'su', 'doas'] },
} as const;

const seconds = { type: 'number', minimum: 0, description: 'Seconds.' } as const;
const settings = {
  ignore_errors: laterFlag,
  ignore_unreachable: laterFlag,
  any_errors_fatal: laterFlag,
  check_mode: laterFlag,
  diff: laterFlag,
  no_log: laterFlag,
  timeout: { type: 'integer', minimum: 1, description: 'Seconds.', 'x-later': true },
  throttle: { type: 'integer', minimum: 1, description: 'Hosts at once.', 'x-later': true },
  run_once: laterFlag,
  delegate_to: evaluatedText,
  delegate_facts: laterFlag,
  module_defaults: { type: 'object', additionalProperties: { type: 'object' } },
} as const;
const batchSize = {
  type: ['integer', 'string'],
  minimum: 1,
  pattern: '^([1-9][0-9]?|100)%$|^[1-9][0-9]*$',
  description: 'A number of hosts, or a percentage: 5, "20%".',
} as const;

const common = {
  name: text,
  when: condition,
  tags: names,
  vars: map,
  ...become,
  loop: {},
  loop_control: {
    type: 'object',
    additionalProperties: false,
    properties: {
      loop_var: text,
      index_var: text,
      label: evaluatedText,
      pause: seconds,
      extended: flag,
      break_when: condition,
    },
  },
  ...settings,
  allow,
  environment,
  notify: laterNames,
} as const;

/** JSON Schemas of the keywords by the thing they are in. */
export const keywords = {
  play: {
    name: text,
    hosts: laterNames,
    vars: map,
    vars_files: names,
    ...become,
    tags: names,
    environment,
    allow,
    gather_facts: flag,
    connection: { enum: [...connectionKinds] },
    remote_user: text,
    port: { type: 'integer', minimum: 1, maximum: 65535 },
    max_down: { type: 'integer', minimum: 1 },
    ...settings,
    order: { enum: ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'] },
    serial: { ...batchSize, type: ['integer', 'string', 'array'], items: batchSize, minItems: 1, 'x-later': true },
    max_fail_percentage: { type: 'number', minimum: 0, maximum: 100, 'x-later': true },
    strategy: { enum: ['free', 'linear'] },
    force_handlers: flag,
    gate: steps,
    pre_tasks: steps,
    roles: { type: 'array' },
    tasks: steps,
    post_tasks: steps,
    handlers: steps,
  },
  task: {
    ...common,
    register: {
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      description: 'A variable name: letters, digits and _.',
    },
    listen: names,
    changed_when: condition,
    failed_when: condition,
    until: condition,
    retries: { type: 'integer', minimum: 0, 'x-later': true },
    delay: { ...seconds, 'x-later': true },
    async: {
      type: 'integer',
      minimum: 0,
      description:
        'Seconds that the task may take as a job of its own on the host, whatever becomes of the connection.',
    },
    poll: {
      type: 'integer',
      minimum: 0,
      description:
        'Seconds between two looks at the job, 15 by default; 0: the play goes on, and async_status asks later.',
    },
    args: map,
  },
  block: { ...common, block: steps, rescue: steps, always: steps },
  include: common,
  role: {
    role: text,
    name: text,
    vars: map,
    when: condition,
    tags: names,
    ...become,
    ...settings,
    environment,
    allow,
  },
} as const;

/** Spellings of `include`, as Ansible has them. */
export const includeWords = {
  include: 'file',
  include_tasks: 'file',
  import_tasks: 'file',
  include_role: 'role',
  import_role: 'role',
} as const;
