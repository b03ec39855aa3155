import type { Target } from '../../connections/connection.ts';
import type { ConnectionKind } from '../../language/connection-kinds.ts';
import type { Play } from '../../language/model.ts';
import { reachOf } from '../../plan/reach.ts';
import type { Scope } from '../../values/scope.ts';

/** What the command line says about connections. */
export interface ConnectionOptions {
  readonly connection?: ConnectionKind;
  readonly user?: string;
  readonly privateKey?: string;
  readonly hostKeys: 'strict' | 'accept-new';
  /** Seconds. */
  readonly timeout: number;
  /** Takes what `-vvv` tells of the way to a host. */
  readonly trace?: (host: string, text: string) => void;
}

/**
 * How a host is reached: its connection variables, then the play, then the command line, as Ansible
 * has it. Where the keys of hosts are not to be checked, a new one is accepted and remembered.
 * @throws UndefinedName, UnknownValue, ValueError
 */
export function targetOf(host: string, scope: Scope, play: Play, options: ConnectionOptions, run: object): Target {
  const reach = reachOf(host, scope);
  const { address, becomePasswords, jump, knownHostsFile, password, sshArguments } = reach;
  const port = reach.port ?? play.port;
  const user = reach.user ?? play.remoteUser ?? options.user;
  const key = reach.privateKeyFile ?? options.privateKey;
  const connection = reach.connection ?? play.connection ?? options.connection;
  const isHere = host === 'localhost' && address === 'localhost';
  return {
    host,
    connection: connection ?? (isHere ? 'local' : 'ssh'),
    address,
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    becomePasswords,
    privateKeyFiles: key === undefined ? [] : [key],
    knownHostsFiles: knownHostsFile === undefined ? [] : [knownHostsFile],
    sshArguments,
    hostKeys: reach.checksHostKeys === false ? 'accept-new' : options.hostKeys,
    timeout: reach.timeout ?? options.timeout,
    ...(jump === undefined ? {} : { jump }),
    ...(options.trace ? { trace: (text: string) => options.trace?.(host, text) } : {}),
    run,
  };
}

/** Passwords of a target, to be masked wherever they turn up. */
export function secretsOf({ password, becomePasswords = {} }: Target): readonly string[] {
  return [...(password === undefined ? [] : [password]), ...Object.values(becomePasswords)];
}
