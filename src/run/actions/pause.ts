import { result } from '../result/results.ts';
import { defineAction } from './action.ts';

export const pauseAction = defineAction({
  name: 'pause',
  summary: 'Waits for a time.',
  description:
    'A run never waits for a key: it may have no terminal, and no one may look. What a person has ' +
    'to decide belongs before the run, as a variable (-e) or as consent (--allow). In check mode ' +
    'nothing is waited for.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      seconds: { type: 'number', minimum: 0, description: 'How long, in seconds.' },
      minutes: { type: 'number', minimum: 0, description: 'How long, in minutes.' },
      prompt: { type: 'string', description: 'What to say meanwhile.' },
    },
  },
  freeForm: 'seconds',
  waits: true,
  returns: { type: 'object', properties: {} },
  examples: [
    `- pause:
    seconds: 10
    prompt: The switch learns the new address.
`,
  ],
  problems: args =>
    args.seconds === undefined && args.minutes === undefined
      ? [{ argument: 'seconds', message: 'a pause needs a time: "seconds" or "minutes"' }]
      : [],
  run: ({ seconds = 0, minutes = 0, prompt }) => {
    const time = seconds + minutes * 60;
    return { result: result('ok', prompt ?? `waited ${time} s`), effect: { kind: 'pause', seconds: time } };
  },
});
