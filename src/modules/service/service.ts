import { serviceProblems } from '../../host/service/arguments.ts';
import { decideService } from '../../host/service/decide.ts';
import { service as seenService } from '../../host/service/service.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

export const service = defineModule({
  name: 'service',
  summary: 'Starts, stops, restarts or reloads a service, and owns whether it starts at boot.',
  description:
    'Under systemd (any unit: sockets and timers too) and OpenRC. `restarted` and ' +
    '`reloaded` act each time; use them in handlers. A unit that is enabled by nature ' +
    '(static, generated) counts as enabled and as disabled.',
  args,
  freeForm: 'name',
  returns,
  examples,
  problems: serviceProblems,
  owns: ({ name, enabled }) =>
    name === undefined || enabled === undefined
      ? []
      : [{ subject: `service ${name}`, attribute: 'enabled', value: String(enabled) }],
  look: args => seenService(args.name),
  decide: decideService,
});
