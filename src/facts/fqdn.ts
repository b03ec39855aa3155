import { accept } from '../shell/answer.ts';
import { raw } from '../shell/quote.ts';
import { script } from '../shell/script.ts';
import { defineFacts } from './fact.ts';
import { record, text } from './schema.ts';

export const fqdn = defineFacts({
  name: 'fqdn',
  summary: 'The full name of the host, as it resolves its own name.',
  schema: record({
    name: text('hv1.example.org; the host name where it resolves to no longer one.'),
    domain: text('example.org; empty where there is none.'),
  }),
  probe: script({
    hostname: raw('uname -n'),
    // A name that does not resolve is all that there is.
    hosts: raw('getent hosts "$(uname -n)" 2>/dev/null; :'),
  }),
  read(answer) {
    const hostname = accept(answer, 'hostname', [0], 'uname').stdout.trim();
    const [, canonical] = accept(answer, 'hosts', [0], 'getent').stdout.split(/\s+/);
    const name = canonical?.startsWith(`${hostname}.`) ? canonical : hostname;
    const dot = name.indexOf('.');
    return { name, domain: dot < 0 ? '' : name.slice(dot + 1) };
  },
});
