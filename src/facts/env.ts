import { accept } from '../shell/answer.ts';
import { raw } from '../shell/quote.ts';
import { script } from '../shell/script.ts';
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
  probe: script({ environ: raw('cat /proc/self/environ') }),
  read(answer) {
    const entries = accept(answer, 'environ', [0], 'cat /proc/self/environ').stdout.split('\0');
    return Object.fromEntries(
      entries
        .filter(entry => entry.includes('='))
        .map(entry => {
          const at = entry.indexOf('=');
          return [entry.slice(0, at), entry.slice(at + 1)];
        }),
    );
  },
});
