import { result } from '../result/results.ts';
import { defineAction } from './action.ts';

const next = ['flush_handlers', 'end_host', 'end_batch', 'end_play'] as const;
const effects = ['clear_host_errors', 'refresh_facts', 'refresh_inventory', 'reset_connection'] as const;

export const metaAction = defineAction({
  name: 'meta',
  summary: 'Does something with the run itself.',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['do'],
    properties: {
      do: {
        enum: [...next, ...effects, 'noop'],
        description:
          'flush_handlers runs the notified handlers now. end_host, end_batch and end_play ' +
          'end the play for this host, for its batch, for all. clear_host_errors lets ' +
          'hosts that failed take part in the plays to come. refresh_facts and ' +
          'refresh_inventory read again. reset_connection makes a new one for the next ' +
          'task. noop does nothing.',
      },
    },
  },
  freeForm: 'do',
  returns: { type: 'object', properties: {} },
  examples: [
    `- meta: flush_handlers
`,
    `- name: Leave hosts alone that have no guests
  meta: end_host
  when: groups.all.size() > 100
`,
  ],
  again: true,
  run: ({ do: what }) => {
    const done = result('ok', what);
    const effect = effects.find(kind => kind === what);
    if (effect) return { result: done, effect: { kind: effect } };
    const step = next.find(word => word === what);
    return step ? { result: done, next: step } : { result: done };
  },
});
