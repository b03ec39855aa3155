import { result } from '../result/results.ts';
import { defineAction } from './action.ts';

export const setFactAction = defineAction({
  name: 'set_fact',
  summary: 'Sets variables of the host from here on.',
  args: { type: 'object', properties: {}, description: 'Names and values.' },
  returns: { type: 'object', additionalProperties: true, properties: {} },
  examples: [
    `- set_fact:
    pool: "{{ inventory_hostname }}-pool"
`,
  ],
  run: args => {
    const variables = args as Readonly<Record<string, unknown>>;
    return { result: result('ok', `set ${Object.keys(variables).join(', ')}`, { fields: variables }), variables };
  },
});
