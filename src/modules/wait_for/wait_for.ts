import type { ArgumentProblem } from '../../callable.ts';
import { change, ok } from '../../decision.ts';
import { hostPath } from '../../host/file/arguments.ts';
import { patternProblem } from '../../host/lines/pattern.ts';
import { raw, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { probeWait, readWait, type WaitArguments } from './probe.ts';

export const waitFor = defineModule({
  name: 'wait_for',
  waits: true,
  summary: 'Waits until a port is open or closed, or a path is there, gone, or holds a text.',
  description:
    'Looks from the host, and changes nothing: a task that waited is ok. A local port is looked up in the list of the kernel; another host is tried with nc or bash. In check mode it looks once.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      host: {
        type: 'string',
        pattern: '^[A-Za-z0-9:][A-Za-z0-9.:_-]*$',
        default: '127.0.0.1',
        description: 'Where the port is.',
      },
      port: { type: 'integer', minimum: 1, maximum: 65535, description: 'The TCP port.' },
      path: { ...hostPath, description: 'The absolute path.' },
      state: {
        enum: ['started', 'present', 'stopped', 'absent'],
        default: 'started',
        description: 'started, present: the port is open, the path is there. stopped, absent: it is not.',
      },
      search_regex: {
        type: 'string',
        minLength: 1,
        description: 'A JavaScript pattern that the last MiB of the file at path holds.',
      },
      timeout: { type: 'integer', minimum: 0, default: 300, description: 'Seconds to wait at most.' },
      delay: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'Seconds to wait before the second look; the first is at once.',
      },
      connect_timeout: { type: 'integer', minimum: 1, default: 5, description: 'Seconds for one connection.' },
      msg: { type: 'string', description: 'What to say if it does not happen.' },
    },
  },
  returns: { type: 'object', properties: { state: { type: 'string', description: 'What was waited for.' } } },
  examples: ['name: The console answers\nwait_for:\n  port: 5900\n  timeout: 30\n'],
  problems,
  probe: args => script(probeWait(args)),
  read: readWait,
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

function subject({ host, port, path, search_regex }: WaitArguments): string {
  if (path !== undefined) return search_regex === undefined ? path : `${search_regex} in ${path}`;
  return `port ${port} of ${host}`;
}

function problems({ port, path, search_regex, state }: WaitArguments): ArgumentProblem[] {
  if ((port === undefined) === (path === undefined))
    return [{ argument: 'port', message: 'give port or path: what to wait for' }];
  if (search_regex === undefined) return [];
  if (path === undefined) return [{ argument: 'search_regex', message: 'needs path' }];
  if (state !== 'started' && state !== 'present')
    return [{ argument: 'search_regex', message: 'is for state started and present' }];
  const message = patternProblem(search_regex);
  return message === undefined ? [] : [{ argument: 'search_regex', message }];
}
