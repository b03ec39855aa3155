import { script } from '../shell/script.ts';
import { type ArgumentProblem, defineModule } from './module.ts';
import { decideService } from './service/decide.ts';
import { probeService } from './service/probe.ts';
import { readService } from './service/state.ts';

export const service = defineModule({
  name: 'service',
  summary: 'Starts, stops, restarts or reloads a service, and owns whether it starts at boot.',
  description:
    'Under systemd (any unit: sockets and timers too) and OpenRC. `restarted` and `reloaded` act each time; use them in handlers. A unit that is enabled by nature (static, generated) counts as enabled and as disabled.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: {
        type: 'string',
        pattern: '^[A-Za-z0-9_@:.\\\\][A-Za-z0-9_@:.\\\\-]*$',
        description: 'The service: libvirtd, virtqemud.socket.',
      },
      state: {
        enum: ['started', 'stopped', 'restarted', 'reloaded'],
        description:
          'started, stopped: it runs or not. restarted, reloaded: act each time; what does not run is started.',
      },
      enabled: { type: 'boolean', description: 'Whether it starts at boot.' },
      masked: { type: 'boolean', description: 'Whether starting it is forbidden (systemd only).' },
      daemon_reload: {
        type: 'boolean',
        default: false,
        description: 'Lets systemd read unit files again that have changed.',
      },
    },
  },
  freeForm: 'name',
  returns: {
    type: 'object',
    properties: {
      name: { type: 'string', description: 'The service.' },
      state: { type: 'string', description: 'active, inactive, failed, …' },
      enabled: { type: 'string', description: 'enabled, disabled, static, masked, …' },
    },
  },
  examples: ['name: libvirt listens\nservice:\n  name: virtqemud.socket\n  state: started\n  enabled: true\n'],
  check: problems,
  owns: ({ name, enabled }) =>
    name === undefined || enabled === undefined
      ? []
      : [{ subject: `service ${name}`, attribute: 'enabled', value: String(enabled) }],
  probe: args => script(probeService(args.name)),
  read: (answer, args) => readService(answer, args.name),
  decide: decideService,
});

interface Named {
  readonly name?: string;
  readonly state?: string;
  readonly enabled?: boolean;
  readonly masked?: boolean;
  readonly daemon_reload: boolean;
}

function problems({ name, state, enabled, masked, daemon_reload }: Named): ArgumentProblem[] {
  const owned = [state, enabled, masked].some(value => value !== undefined);
  if (name === undefined && owned) return [{ argument: 'name', message: 'is needed: which service' }];
  if (!owned && !daemon_reload)
    return [{ argument: 'state', message: 'give state, enabled, masked or daemon_reload: what is owned' }];
  if (masked && enabled) return [{ argument: 'masked', message: 'a masked unit cannot be enabled' }];
  if (masked && state !== undefined && state !== 'stopped')
    return [{ argument: 'masked', message: 'a masked unit cannot be started' }];
  return [];
}
