import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath, writeSchemas } from '../../host/file/arguments.ts';
import { attributeSchemas } from '../../host/file/attributes.ts';
import { resultSchemas } from '../../host/file/replace.ts';

/** One line, without blanks around it: those are not part of a value. */
const value = { anyOf: [{ type: 'string', pattern: '^(\\S([^\\r\\n]*\\S)?)?$' }, { type: 'number' }] } as const;

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: { ...hostPath, description: 'The absolute path of the file.' },
    section: {
      type: 'string',
      pattern: '^[^\\r\\n]+$',
      description: 'The section, without brackets. Not given: the part before the first section.',
    },
    option: {
      type: 'string',
      pattern: '^[^\\s=\\[#;]([^\\r\\n=]*[^\\s=])?$',
      description: 'The option. Not given: the section itself is made, or removed with all that is in it.',
    },
    value: { ...value, description: 'What the option is set to.' },
    values: {
      type: 'array',
      items: value,
      minItems: 1,
      description: 'Several values, for an option that may be on several lines; instead of value.',
    },
    state: {
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether the option or section is to be there.',
    },
    exclusive: {
      type: 'boolean',
      default: true,
      description: 'The option has these values only. false: others of the same option stay.',
    },
    allow_no_value: {
      type: 'boolean',
      default: false,
      description: 'Without value and values: the option stands alone on its line, without an equals sign.',
    },
    no_extra_spaces: {
      type: 'boolean',
      default: false,
      description: 'Writes name=value. false: new lines are name = value, and those that are there keep their blanks.',
    },
    modify_inactive_option: {
      type: 'boolean',
      default: true,
      description: 'A new option takes the place of its commented-out example; false: it goes behind it.',
    },
    create: { type: 'boolean', default: true, description: 'Makes the file where it is absent.' },
    ...attributeSchemas,
    ...writeSchemas,
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = { type: 'object', properties: resultSchemas } as const satisfies ObjectSchema;

export const examples = [
  `- name: The journal is kept small
  ini_file:
    path: /etc/systemd/journald.conf
    section: Journal
    option: SystemMaxUse
    value: 512M
    no_extra_spaces: true
`,
];
