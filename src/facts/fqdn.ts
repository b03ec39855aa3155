import { all, map, printed } from '../shell/look.ts';
import { raw } from '../shell/quote.ts';
import { defineFacts } from './fact.ts';
import { trimmed } from './parse.ts';
import { record, text } from './schema.ts';

export const fqdn = defineFacts({
  name: 'fqdn',
  summary: 'The full name of the host, as it resolves its own name.',
  schema: record({
    name: text('hv1.example.org; the host name where it resolves to no longer one.'),
    domain: text('example.org; empty where there is none.'),
  }),
  look: map(
    all({
      hostname: trimmed('uname', raw('uname -n')),
      // A name that does not resolve is all that there is.
      hosts: printed('getent', raw('getent hosts "$(uname -n)" 2>/dev/null; :')),
    }),
    ({ hostname, hosts }) => {
      const [, canonical] = hosts.split(/\s+/);
      const name = canonical?.startsWith(`${hostname}.`) ? canonical : hostname;
      const dot = name.indexOf('.');
      return { name, domain: dot < 0 ? '' : name.slice(dot + 1) };
    },
  ),
});
