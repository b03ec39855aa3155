import { result } from '../result/results.ts';
import { defineAction } from './action.ts';

export const addHostAction = defineAction({
  name: 'add_host',
  summary: 'Adds a host to the inventory, for the plays to come.',
  description:
    'All other arguments are variables of the host. They are data: what looks like a ' +
    'template in them is not evaluated. The inventory of the run alone changes, so the ' +
    'task is ok and never changed.',
  args: {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, 'x-aliases': ['hostname', 'host'], description: 'The name of the host.' },
      groups: {
        'x-aliases': ['groupname', 'group'],
        type: ['string', 'array'],
        items: { type: 'string' },
        default: [],
        description: 'Groups that it is in: a list, or names with commas. New ones are made.',
      },
    },
    description: 'Names and values of the host.',
  },
  returns: { type: 'object', additionalProperties: true, properties: {} },
  examples: [
    `- add_host:
    name: hv9.example.org
    groups: [hypervisors]
    ansible_user: root
`,
  ],
  again: true,
  run: ({ name, groups, ...variables }) => {
    const names = [groups].flat().flatMap(text => text.split(','));
    const host = { name, groups: names.map(text => text.trim()).filter(text => text !== ''), variables };
    return {
      result: result('ok', `${name} is known from here on`, { fields: { add_host: host } }),
      effect: { kind: 'add_host', host },
    };
  },
});
