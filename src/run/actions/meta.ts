import { result } from '../results.ts';
import { defineAction } from './action.ts';

export const metaAction = defineAction({
  name: 'meta',
  summary: 'Does something with the run itself.',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['do'],
    properties: {
      do: { enum: ['flush_handlers', 'noop'], description: 'flush_handlers runs the notified handlers now.' },
    },
  },
  freeForm: 'do',
  returns: { type: 'object', properties: {} },
  examples: ['- meta: flush_handlers\n'],
  run: args => ({ result: result('ok', args.do), flushHandlers: args.do === 'flush_handlers' }),
});
