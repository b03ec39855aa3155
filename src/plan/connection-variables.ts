import { suggest } from '../language/suggest.ts';

/**
 * What a variable of Ansible's own (`ansible_…`) is here. `host`: it says how a host is reached,
 * and is read once a play, from the inventory, the play and `--extra-vars`. `task`: it says as whom
 * a task runs, and is read for each. `free`: a plain variable. `ignored`: what it is about does not
 * exist here, and a host is the same without it. `refused`: without it a host would not be as it is
 * meant to be.
 */
export type Meaning =
  | { readonly use: 'host' | 'task' | 'free' }
  | { readonly use: 'ignored'; readonly why: string }
  | { readonly use: 'refused'; readonly hint: string };

const host: Meaning = { use: 'host' };
const task: Meaning = { use: 'task' };
const ignored = (why: string): Meaning => ({ use: 'ignored', why });
const refused = (hint: string): Meaning => ({ use: 'refused', hint });

const noPython = ignored('Nothing of Python runs on a host.');
const noCopies = ignored('Files travel through the shell of the one connection.');
const noMultiplexing = ignored('There is one connection for each host, for the whole run.');
const noTemporaries = ignored('No code is put on a host to be run.');
const anyShell = ignored('Whatever the login shell is, /bin/sh runs.');
const flags = refused('Write what sudo or su needs into their configuration on the host; take this variable out.');
const ofSsh = refused('Use the variable without "paramiko": ansible_host, ansible_user, ansible_password.');

/**
 * The variables of connections of Ansible 2.14 (its plugins for ssh, paramiko_ssh, local, sudo, su
 * and sh), and our own.
 */
export const connectionVariables: Readonly<Record<string, Meaning>> = {
  ansible_host: host,
  ansible_ssh_host: host,
  ansible_port: host,
  ansible_ssh_port: host,
  ansible_user: host,
  ansible_ssh_user: host,
  ansible_password: host,
  ansible_ssh_pass: host,
  ansible_ssh_password: host,
  ansible_connection: host,
  ansible_private_key_file: host,
  ansible_ssh_private_key_file: host,
  ansible_ssh_args: host,
  ansible_ssh_common_args: host,
  ansible_ssh_extra_args: host,
  ansible_timeout: host,
  ansible_ssh_timeout: host,
  ansible_host_key_checking: host,
  ansible_ssh_host_key_checking: host,
  // Our own.
  ansible_ssh_known_hosts_file: host,
  ansible_ssh_jump: host,

  ansible_become_password: host,
  ansible_become_pass: host,
  ansible_sudo_pass: host,
  ansible_su_pass: host,
  ansible_doas_pass: host,
  ansible_become: task,
  ansible_become_method: task,
  ansible_become_user: task,
  ansible_sudo_user: task,
  ansible_su_user: task,
  ansible_doas_user: task,

  ansible_become_exe: flags,
  ansible_become_flags: flags,
  ansible_sudo_exe: flags,
  ansible_sudo_flags: flags,
  ansible_su_exe: flags,
  ansible_su_flags: flags,
  ansible_doas_exe: flags,
  ansible_doas_flags: flags,
  ansible_ssh_pkcs11_provider: refused(
    'Keys on tokens cannot be used here. Name a key file, or load a key into your agent.',
  ),
  ansible_paramiko_host: ofSsh,
  ansible_paramiko_user: ofSsh,
  ansible_paramiko_pass: ofSsh,
  ansible_paramiko_password: ofSsh,
  ansible_paramiko_host_key_checking: ofSsh,

  ansible_su_prompt_l10n: ignored('A prompt of su is told by its form, in any language.'),
  ansible_sshpass_prompt: ignored('A password is given without sshpass.'),
  ansible_pipelining: noTemporaries,
  ansible_ssh_pipelining: noTemporaries,
  ansible_remote_tmp: noTemporaries,
  ansible_system_tmpdirs: noTemporaries,
  ansible_async_dir: ignored('Jobs have a folder that is the same on each host.'),
  ansible_admin_users: noTemporaries,
  ansible_common_remote_group: noTemporaries,
  ansible_shell_allow_world_readable_temp: noTemporaries,
  ansible_module_compression: noTemporaries,
  ansible_no_target_syslog: noTemporaries,
  ansible_shell_type: anyShell,
  ansible_shell_executable: anyShell,
  ansible_ssh_executable: ignored('Only the connection openssh runs a program: the ssh that the PATH leads to.'),
  ansible_sftp_executable: noCopies,
  ansible_scp_executable: noCopies,
  ansible_scp_extra_args: noCopies,
  ansible_sftp_extra_args: noCopies,
  ansible_sftp_batch_mode: noCopies,
  ansible_ssh_transfer_method: noCopies,
  ansible_scp_if_ssh: noCopies,
  ansible_control_path: noMultiplexing,
  ansible_control_path_dir: noMultiplexing,
  ansible_ssh_retries: ignored('A connection that is lost is made again in any case.'),
  ansible_ssh_use_tty: ignored('No terminal is needed.'),
  ansible_paramiko_use_rsa_sha2_algorithms: ignored('They are used wherever the host has them.'),
  ansible_facts_modules: ignored('The facts that a play names are gathered.'),
  ansible_interpreter_python_fallback: noPython,
  ansible_python_module_rlimit_nofile: noPython,
  ansible_connection_user: ignored('Ansible itself sets it.'),
  ansible_group_priority: ignored('Only the inventory reads it.'),
  ansible_managed: { use: 'free' },
};

/** Names that differ by what they are about. */
const families: readonly (readonly [RegExp, Meaning])[] = [
  [/^ansible_\w+_interpreter$/, noPython],
  [
    /^ansible_(psrp|winrm|win|network|docker|netconf|httpapi|persistent|mitogen)_/,
    ignored('It is about another kind of connection.'),
  ],
];

/**
 * What a variable means here; undefined for one that is not in the table.
 */
export function meaningOf(name: string): Meaning | undefined {
  if (Object.hasOwn(connectionVariables, name)) return connectionVariables[name];
  return families.find(([pattern]) => pattern.test(name))?.[1];
}

/** Where a variable is set: `play` is the inventory, the play itself or the command line. */
export type Setter = 'play' | 'task';

/** What is wrong with setting a variable there. */
export function misuseOf(name: string, by: Setter): { readonly message: string; readonly hint: string } | undefined {
  if (!name.startsWith('ansible_')) return undefined;
  const meaning = meaningOf(name);
  if (meaning === undefined) {
    const hint = suggest(name, Object.keys(connectionVariables));
    const own = 'Name a variable of your own without "ansible_"; facts about a host are in "facts".';
    return { message: `"${name}" is not a variable of connections`, hint: hint ?? own };
  }
  if (meaning.use === 'refused') return { message: `"${name}" has no effect here`, hint: meaning.hint };
  if (meaning.use !== 'host' || by === 'play') return undefined;
  return {
    message: `"${name}" says how a host is reached, which is the same for a whole play`,
    hint: 'Set it in the inventory, in the "vars:" of the play, or with -e.',
  };
}
