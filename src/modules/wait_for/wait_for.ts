import type { ArgumentProblem } from '../../callable.ts';
import { change, ok } from '../../decision.ts';
import { patternProblem } from '../../host/lines/pattern.ts';
import { all } from '../../shell/look.ts';
import { raw, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { presence } from './presence.ts';
import { type Args, args, examples, returns } from './schema.ts';

export const waitFor = defineModule({
  name: 'wait_for',
  waits: true,
  summary: 'Waits until a port is open or closed, or a path is there, gone, or holds a text.',
  description:
    'Looks from the host, and changes nothing: a task that waited is ok. A local port is ' +
    'looked up in the list of the kernel; another host is tried with nc or bash. In check ' +
    'mode it looks once.',
  args,
  returns,
  examples,
  problems,
  look: args => all({ there: presence(args) }),
  decide(args, { there }) {
    const wanted = args.state === 'started' || args.state === 'present';
    const result = { state: args.state };
    if (there === wanted) return ok(`is ${args.state}`, { result });
    const text = `${subject(args)} is ${wanted ? 'not there' : 'still there'}`;
    return change(`waits until it is ${args.state}`, {
      diff: [{ subject: subject(args), before: wanted ? '' : 'there\n', after: wanted ? 'there\n' : '' }],
      apply: script({ wait: args.delay > 0 ? sh`sleep ${args.delay}` : raw(':') }),
      verify: { within: args.timeout, proves: after => (after.there === wanted ? undefined : (args.msg ?? text)) },
      result,
    });
  },
});

function subject({ host, port, path, search_regex }: Args): string {
  if (path !== undefined) return search_regex === undefined ? path : `${search_regex} in ${path}`;
  return `port ${port} of ${host}`;
}

function problems({ port, path, search_regex, state }: Args): ArgumentProblem[] {
  if ((port === undefined) === (path === undefined))
    return [{ argument: 'port', message: 'give port or path: what to wait for' }];
  if (search_regex === undefined) return [];
  if (path === undefined) return [{ argument: 'search_regex', message: 'needs path' }];
  if (state !== 'started' && state !== 'present')
    return [{ argument: 'search_regex', message: 'is for state started and present' }];
  const message = patternProblem(search_regex);
  return message === undefined ? [] : [{ argument: 'search_regex', message }];
}
