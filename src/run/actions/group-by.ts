import { result } from '../result/results.ts';
import { defineAction } from './action.ts';

export const groupByAction = defineAction({
  name: 'group_by',
  summary: 'Puts each host into a group named by a value, for the plays to come.',
  description: 'The inventory of the run alone changes, so the task is ok and never changed.',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['key'],
    properties: {
      key: { type: 'string', minLength: 1, description: 'The name of the group; a blank in it becomes "-".' },
      parents: {
        type: ['string', 'array'],
        items: { type: 'string' },
        description: 'Groups that the group is in.',
      },
    },
  },
  freeForm: 'key',
  returns: { type: 'object', properties: {} },
  examples: [
    `- group_by:
    key: "site_{{ inventory_hostname_short }}"
`,
  ],
  again: true,
  run: ({ key, parents = [] }) => {
    const group = key.replaceAll(' ', '-');
    return {
      result: result('ok', `in group ${group}`),
      effect: { kind: 'group_by', group, parents: [parents].flat().map(name => name.replaceAll(' ', '-')) },
    };
  },
});
