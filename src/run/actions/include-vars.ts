import { includedVariables } from '../../plan/included-variables.ts';
import { result } from '../result/results.ts';
import { defineAction } from './action.ts';

const names = { type: 'array', items: { type: 'string' } } as const;

export const includeVarsAction = defineAction({
  name: 'include_vars',
  summary: 'Reads variables from a file or folder, for the host from here on.',
  description:
    'A relative path is looked for in the folder vars of the role and of the playbook, then in ' +
    'the role and next to the playbook. What is read is stronger than the variables of tasks and ' +
    'roles, and weaker than set_fact and registers.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      file: { type: 'string', description: 'A file of variables: YAML or JSON.' },
      dir: { type: 'string', description: 'A folder of such files, read in the order of the alphabet.' },
      name: { type: 'string', description: 'Puts all of them into a map of this name.' },
      depth: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'How deep to look in the folder; 0 is all of it.',
      },
      extensions: { ...names, default: ['yaml', 'yml', 'json'], description: 'Endings of the files in a folder.' },
      files_matching: { type: 'string', description: 'A regular expression for the names of the files in a folder.' },
      ignore_files: { ...names, description: 'Names of files in a folder that are passed over.' },
    },
  },
  freeForm: 'file',
  returns: { type: 'object', properties: {} },
  examples: [
    `- include_vars: "{{ inventory_hostname_short }}.yml"
`,
    `- include_vars:
    dir: sites
    name: sites
`,
  ],
  problems: ({ file, dir }) =>
    (file === undefined) === (dir === undefined)
      ? [{ argument: file === undefined ? 'file' : 'dir', message: 'give one of "file" and "dir"' }]
      : [],
  again: true,
  run: (args, { variablesPath }) => {
    const included = includedVariables(args, variablesPath);
    const found = included.flatMap(({ values }) => Object.keys(values));
    return { result: result('ok', `read ${found.join(', ') || 'no variables'}`), included };
  },
});
