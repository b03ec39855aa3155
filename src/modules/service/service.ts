import { serviceProblems } from '../../host/service/arguments.ts';
import { decideService } from '../../host/service/decide.ts';
import { probeService } from '../../host/service/probe.ts';
import { readService } from '../../host/service/state.ts';
import { script } from '../../shell/script.ts';
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
  probe: args => script(probeService(args.name)),
  read: (answer, args) => readService(answer, args.name),
  decide: decideService,
});
