import { readVariable } from '../../values/variable-path.ts';
import { result } from '../result/results.ts';
import { defineAction } from './action.ts';

export const debugAction = defineAction({
  name: 'debug',
  summary: 'Shows a text or the value of a variable.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      msg: { description: 'A text, or any value.' },
      var: {
        type: 'string',
        pattern: '^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z0-9_]+|\\[([0-9]+|\'[^\'\\]]+\'|"[^"\\]]+")\\])*$',
        description: "The name of a variable, or a path into it: pool.size, disks[0].name, ports['a-b'].",
      },
      verbosity: { type: 'integer', default: 0, description: 'Show it only with so many -v.' },
    },
  },
  freeForm: 'msg',
  returns: { type: 'object', additionalProperties: true, properties: {} },
  examples: [
    `- debug:
    msg: "this is {{ inventory_hostname }}"
`,
    `- debug:
    var: group_names
`,
  ],
  variables: ({ var: name }) => (name === undefined ? [] : [name]),
  run: (args, { scope, verbosity }) => {
    if (args.verbosity > verbosity)
      return { result: result('skipped', `shown with ${'-'}${'v'.repeat(args.verbosity)}`) };
    if (args.var === undefined)
      return { result: result('ok', textOf(args.msg ?? 'Hello world!'), { fields: { shown: true } }) };
    const value = readVariable(scope, args.var);
    return { result: result('ok', `${args.var}: ${textOf(value)}`, { fields: { shown: true, [args.var]: value } }) };
  },
});

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
}
