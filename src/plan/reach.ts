import { type ConnectionKind, connectionKinds } from '../language/connection-kinds.ts';
import type { Privilege } from '../shell/become.ts';
import type { Scope } from '../values/scope.ts';
import { wordsOf } from '../words.ts';
import { flagOf, type Setting, settingOf, textOf, wrongValue } from './setting.ts';

/** How a host is reached, as its variables say. */
export interface Reach {
  readonly address: string;
  readonly connection?: ConnectionKind;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  /** Passwords of becoming, by the program. */
  readonly becomePasswords: Readonly<Partial<Record<Privilege['method'], string>>>;
  readonly privateKeyFile?: string;
  readonly knownHostsFile?: string;
  readonly sshArguments: readonly string[];
  readonly jump?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly checksHostKeys?: boolean;
}

/**
 * Reads the connection variables of a host. Of several names for one thing the same wins as in
 * Ansible.
 * @throws UndefinedName, UnknownValue, ValueError
 */
export function reachOf(host: string, scope: Scope): Reach {
  const text = (...names: readonly string[]) => {
    const setting = settingOf(scope, names);
    return setting && textOf(scope, setting);
  };
  const becomePassword = (method: string) =>
    text(`ansible_${method}_pass`, 'ansible_become_pass', 'ansible_become_password');
  const args = ['ansible_ssh_args', 'ansible_ssh_common_args', 'ansible_ssh_extra_args'].map(name => text(name) ?? '');
  return {
    address: text('ansible_ssh_host', 'ansible_host') ?? host,
    ...given('connection', connectionOf(scope)),
    ...given('port', numberOf(scope, ['ansible_ssh_port', 'ansible_port'], 65535)),
    ...given('user', text('ansible_ssh_user', 'ansible_user')),
    ...given('password', text('ansible_ssh_password', 'ansible_ssh_pass', 'ansible_password')),
    becomePasswords: {
      ...given('sudo', becomePassword('sudo')),
      ...given('su', becomePassword('su')),
      ...given('doas', becomePassword('doas')),
    },
    ...given('privateKeyFile', text('ansible_ssh_private_key_file', 'ansible_private_key_file')),
    ...given('knownHostsFile', text('ansible_ssh_known_hosts_file')),
    sshArguments: wordsOf(args.join(' ')),
    ...given('jump', text('ansible_ssh_jump')),
    ...given('timeout', numberOf(scope, ['ansible_ssh_timeout', 'ansible_timeout'], 86_400)),
    ...given('checksHostKeys', hostKeyChecking(scope)),
  };
}

function given<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}

const kindsByName = Object.fromEntries(connectionKinds.map(kind => [kind, kind]));

/** Names of connections in inventories; those of Ansible that mean SSH are ours. */
const kinds: Readonly<Record<string, ConnectionKind>> = {
  ...kindsByName,
  smart: 'ssh',
  paramiko: 'ssh',
  paramiko_ssh: 'ssh',
};

function connectionOf(scope: Scope): ConnectionKind | undefined {
  const setting = settingOf(scope, ['ansible_connection']);
  if (!setting) return undefined;
  const kind = textOf(scope, setting).replace(/^ansible\.builtin\./, '');
  if (Object.hasOwn(kinds, kind)) return kinds[kind];
  throw wrongValue(scope, setting, `there is no connection "${kind}"`, `Write one of ${connectionKinds.join(', ')}.`);
}

function hostKeyChecking(scope: Scope): boolean | undefined {
  const setting = settingOf(scope, ['ansible_ssh_host_key_checking', 'ansible_host_key_checking']);
  return setting && flagOf(scope, setting);
}

function numberOf(scope: Scope, names: readonly string[], most: number): number | undefined {
  const setting: Setting | undefined = settingOf(scope, names);
  if (!setting) return undefined;
  const number = Number(textOf(scope, setting));
  if (Number.isInteger(number) && number > 0 && number <= most) return number;
  const hint = `Write a whole number from 1 to ${most}.`;
  throw wrongValue(scope, setting, `${JSON.stringify(setting.value)} is out of range`, hint);
}
