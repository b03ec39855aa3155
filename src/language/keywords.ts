import { hazards } from '../events/result.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const names = { type: ['string', 'array'], items: { type: 'string' } } as const;
const condition = { type: ['string', 'boolean', 'array'], items: { type: ['string', 'boolean'] } } as const;
const map = { type: 'object' } as const;
/** The parser of steps says what is wrong with a list of tasks. */
const steps = {} as const;
const allow = { type: 'array', items: { enum: hazards } } as const;
const become = { become: flag, become_user: text, become_method: { enum: ['sudo', 'su', 'doas'] } } as const;

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
    properties: { loop_var: text, index_var: text, label: text },
  },
  ignore_errors: flag,
  allow,
  environment: map,
  notify: names,
} as const;

/** JSON Schemas of the keywords by the thing they stand in. */
export const keywords = {
  play: {
    name: text,
    hosts: names,
    vars: map,
    vars_files: names,
    ...become,
    tags: names,
    environment: map,
    allow,
    gather_facts: flag,
    connection: { enum: ['ssh', 'local'] },
    remote_user: text,
    port: { type: 'integer', minimum: 1, maximum: 65535 },
    max_down: { type: 'integer', minimum: 1 },
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
    timeout: { type: 'integer', minimum: 1, description: 'Seconds.' },
    check_mode: flag,
    diff: flag,
    no_log: flag,
    args: map,
  },
  block: { ...common, block: steps, rescue: steps, always: steps },
  include: common,
  role: { role: text, name: text, vars: map, when: condition, tags: names, ...become, allow },
} as const;

/** Spellings of `include`, as Ansible has them. */
export const includeWords = {
  include: 'file',
  include_tasks: 'file',
  import_tasks: 'file',
  include_role: 'role',
  import_role: 'role',
} as const;

/** Keywords of Ansible that Hostwright does not have (yet), and what to write. */
export const foreignKeywords: Readonly<Record<string, string>> = {
  with_items: 'Write "loop:" with a list.',
  with_dict: 'Write "loop:" with a map or a list.',
  local_action: 'Write the task in a play with "hosts: localhost" and "connection: local".',
  action: 'Write the module\'s name as the key: "copy: {…}".',
  sudo: 'Write "become: true".',
  sudo_user: 'Write "become_user:".',
  delegate_to: 'This version cannot delegate; write a play for the other host.',
  run_once: 'This version has no run_once; write a play for one host.',
  until: 'This version has no until; use the module wait_for.',
  serial: 'This version has no batches; use --limit.',
  strategy: 'This version has the free strategy only.',
  ignore_unreachable: 'An unreachable host never stops the others; this version cannot ignore it.',
};
