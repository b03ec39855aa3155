import { result } from '../result/results.ts';
import { defineAction } from './action.ts';

export const assertAction = defineAction({
  name: 'assert',
  summary: 'Fails where a condition does not hold.',
  args: {
    type: 'object',
    additionalProperties: false,
    required: ['that'],
    properties: {
      that: {
        type: ['string', 'boolean', 'array'],
        items: { type: ['string', 'boolean'] },
        description: 'CEL expressions that must all be true.',
      },
      fail_msg: { type: 'string', description: 'What to say where one is not.' },
      success_msg: { type: 'string', description: 'What to say where all are.' },
    },
  },
  freeForm: 'that',
  returns: {
    type: 'object',
    properties: { assertion: { type: 'string', description: 'The first condition that does not hold.' } },
  },
  examples: [
    `- assert:
    that:
      - 1 + 1 == 2
    fail_msg: The numbers are broken.
`,
  ],
  conditions: conditionsOf,
  run: (args, { scope }) => {
    const wrong = conditionsOf(args).find(condition => !scope.test(condition));
    if (wrong === undefined) return { result: result('ok', args.success_msg ?? 'all of it holds') };
    const message = args.fail_msg ?? 'an assertion does not hold';
    return { result: result('failed', `${message} (${wrong})`, { fields: { assertion: wrong } }) };
  },
});

function conditionsOf(args: { readonly that: unknown }): readonly string[] {
  return [args.that].flat().map(String);
}
