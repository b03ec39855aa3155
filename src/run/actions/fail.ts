import { result } from '../result/results.ts';
import { defineAction } from './action.ts';

export const failAction = defineAction({
  name: 'fail',
  summary: 'Fails with a message; usually with a "when".',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: { msg: { type: 'string', default: 'failed as the playbook asks', description: 'What to say.' } },
  },
  freeForm: 'msg',
  returns: { type: 'object', properties: {} },
  examples: [
    `- fail:
    msg: This host has no disks.
  when: groups.all.size() > 100
`,
  ],
  run: args => ({ result: result('failed', args.msg) }),
});
