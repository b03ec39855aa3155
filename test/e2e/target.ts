import type { Target } from '../../src/connections/connection.ts';
import type { Farm } from '../sshd/farm.ts';

/**
 * The first host of a farm, as the connections want it: with its user and key, and only if it is
 * known.
 */
export function targetOf(farm: Farm, more: Partial<Target> = {}): Target {
  const { address, port } = farm.hosts[0]!;
  return {
    host: 'it',
    connection: 'ssh',
    address,
    port,
    user: farm.user,
    privateKeyFiles: [farm.key],
    knownHostsFiles: [farm.knownHosts],
    sshArguments: [],
    hostKeys: 'strict',
    timeout: 10,
    run: {},
    ...more,
  };
}
