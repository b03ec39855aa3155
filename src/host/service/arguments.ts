import type { ArgsOfAll, ArgumentProblem } from '../../callable.ts';
import type { Scope } from './systemctl.ts';

/** What a service may own, under any init system. */
export const serviceSchemas = {
  name: {
    type: 'string',
    pattern: '^[A-Za-z0-9_@:.\\\\][A-Za-z0-9_@:.\\\\-]*$',
    description: 'The service: libvirtd, virtqemud.socket.',
  },
  state: {
    enum: ['started', 'stopped', 'restarted', 'reloaded'],
    description: 'started, stopped: it runs or not. restarted, reloaded: act each time; what does not run is started.',
  },
  enabled: { type: 'boolean', description: 'Whether it starts at boot.' },
  masked: { type: 'boolean', description: 'Whether starting it is forbidden (systemd only).' },
  daemon_reload: {
    type: 'boolean',
    default: false,
    description: 'Lets systemd read unit files again that have changed.',
  },
} as const;

/** JSON Schema of what comes back about a service. */
export const serviceResults = {
  name: { type: 'string', description: 'The service.' },
  state: { type: 'string', description: 'active, inactive, failed, …' },
  enabled: { type: 'string', description: 'enabled, disabled, static, masked, …' },
} as const;

/** What the schema cannot say. */
export function serviceProblems({
  name,
  state,
  enabled,
  masked,
  daemon_reload,
  daemon_reexec,
}: ServiceArguments): ArgumentProblem[] {
  const owned = [state, enabled, masked].some(value => value !== undefined);
  if (name === undefined && owned) return [{ argument: 'name', message: 'is needed: which service' }];
  if (!owned && !daemon_reload && !daemon_reexec)
    return [{ argument: 'state', message: 'give state, enabled, masked or daemon_reload: what is owned' }];
  if (masked && enabled) return [{ argument: 'masked', message: 'a masked unit cannot be enabled' }];
  if (masked && state !== undefined && state !== 'stopped')
    return [{ argument: 'masked', message: 'a masked unit cannot be started' }];
  return [];
}

/** What a task says of a service, and what systemd takes as well. */
export interface ServiceArguments extends ArgsOfAll<typeof serviceSchemas> {
  readonly daemon_reexec?: boolean;
  readonly scope?: Scope;
  /** Starts and stops without waiting. */
  readonly no_block?: boolean;
  /** Replaces links that are in the way of enabling and masking. */
  readonly force?: boolean;
}
