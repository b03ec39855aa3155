import type { Target } from '../connections/connection.ts';
import { exitCodes, HostwrightError } from '../errors.ts';
import type { Play } from '../language/model.ts';
import type { Scope } from '../values/scope.ts';

/** What the command line says about connections. */
export interface ConnectionOptions {
  readonly connection?: 'ssh' | 'local';
  readonly user?: string;
  readonly privateKey?: string;
  readonly hostKeys: 'strict' | 'accept-new';
  /** Seconds. */
  readonly timeout: number;
}

/** How a host is reached: its connection variables (Ansible's names), then the command line and the play. */
export function targetOf(host: string, scope: Scope, play: Play, options: ConnectionOptions, run: object): Target {
  const names = scope.names();
  const text = (name: string) => (names.has(name) ? asText(scope.resolve(name)) : undefined);
  const address = text('ansible_host') ?? host;
  const port = text('ansible_port') ?? text('ansible_ssh_port') ?? play.port?.toString();
  const user = text('ansible_user') ?? text('ansible_ssh_user') ?? options.user ?? play.remoteUser;
  const key = text('ansible_ssh_private_key_file') ?? text('ansible_private_key_file') ?? options.privateKey;
  const knownHosts = text('ansible_ssh_known_hosts_file');
  const jump = text('ansible_ssh_jump');
  return {
    host,
    connection: connectionOf(host, text('ansible_connection') ?? options.connection ?? play.connection, address),
    address,
    ...(port === undefined ? {} : { port: portOf(host, port) }),
    ...(user === undefined ? {} : { user }),
    privateKeyFiles: key === undefined ? [] : [key],
    knownHostsFiles: knownHosts === undefined ? [] : [knownHosts],
    sshArguments: words(
      [text('ansible_ssh_common_args'), text('ansible_ssh_extra_args')].filter(item => item !== undefined).join(' '),
    ),
    hostKeys: options.hostKeys,
    timeout: Number(text('ansible_timeout') ?? options.timeout),
    ...(jump === undefined ? {} : { jump }),
    run,
  };
}

function connectionOf(host: string, given: string | undefined, address: string): Target['connection'] {
  if (given === undefined) return host === 'localhost' && address === 'localhost' ? 'local' : 'ssh';
  if (given === 'local') return 'local';
  if (['ssh', 'smart', 'paramiko', 'paramiko_ssh'].includes(given)) return 'ssh';
  throw new HostwrightError(
    'connection.unknown',
    `Host ${host} has the connection "${given}", which Hostwright does not have.`,
    {
      hint: 'It has ssh and local.',
      exitCode: exitCodes.usage,
    },
  );
}

function portOf(host: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new HostwrightError('connection.port', `Host ${host} has the port "${text}", which is no port.`, {
    exitCode: exitCodes.usage,
  });
}

function asText(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

/** Words of a line as a shell would cut it, quotes taken off. */
function words(line: string): readonly string[] {
  return (line.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? []).map(word => word.replace(/(["'])(.*?)\1/g, '$2'));
}
