import { map, printed } from '../shell/look.ts';
import { raw } from '../shell/quote.ts';
import { defineFacts } from './fact.ts';

export const env = defineFacts({
  name: 'env',
  summary: 'The environment of what runs on the host.',
  schema: {
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Values by the name of the variable.',
  },
  // A value may have lines of its own: only this has an end after each (proc(5)).
  look: map(printed('cat /proc/self/environ', raw('cat /proc/self/environ')), environ => {
    const entries = environ.split('\0').filter(entry => entry.includes('='));
    return Object.fromEntries(
      entries.map(entry => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    );
  }),
});
