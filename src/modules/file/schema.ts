import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath } from '../../host/file/arguments.ts';
import { attributeSchemas } from '../../host/file/attributes.ts';
import { resultSchemas } from '../../host/file/replace.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: { ...hostPath, 'x-aliases': ['dest', 'name'], description: 'The absolute path.' },
    state: {
      enum: ['absent', 'directory', 'file', 'hard', 'link', 'touch'],
      description:
        'absent: nothing is there. directory: with its parents, those that are made like ' +
        'itself. file: it exists (it is not made). touch: it is made if absent, and its ' +
        'times are set. link, hard: points to src.',
    },
    src: {
      type: 'string',
      minLength: 1,
      'x-home': 'path',
      description: 'What a link points to. For hard an absolute path; for link any text.',
    },
    ...attributeSchemas,
    recurse: {
      type: 'boolean',
      default: false,
      description: 'With state directory: owner, group and mode hold for all below, too.',
    },
    follow: { type: 'boolean', default: true, description: 'Attributes concern what a symbolic link points to.' },
    force: {
      type: 'boolean',
      default: false,
      description:
        'With link and hard: replaces a file (never a directory with content), and allows a link to nothing.',
    },
    modification_time: {
      enum: ['now', 'preserve'],
      default: 'now',
      description: 'With touch: preserve leaves the time of what is there, so that the task can be ok.',
    },
    access_time: { enum: ['now', 'preserve'], default: 'now', description: 'With touch: as modification_time.' },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: { path: { type: 'string', description: 'The path.' }, ...resultSchemas },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The image folder is there
  file:
    path: /srv/images
    state: directory
    mode: "0750"
    group: libvirt
`,
  `- name: The old config is gone
  file:
    path: /etc/old.conf
    state: absent
`,
  `- name: The newest image
  file:
    path: /srv/images/latest.iso
    state: link
    src: virtio-0.1.271.iso
`,
];
