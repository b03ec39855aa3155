import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePortOn, withoutBashrc } from '../sshd/daemon.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * Starts an sshd in the sandbox; keys go to `folder`. Returns the variables of an inventory with
 * which Hostwright and Ansible log in as root.
 */
export async function serve({ run }: Sandbox, folder: string): Promise<string> {
  const port = await freePortOn(['127.0.0.1']);
  for (const name of ['host', 'client'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  const [host, hostPublic, client] = ['host', 'host.pub', 'client.pub'].map(name =>
    readFileSync(join(folder, name), 'utf8'),
  );
  const config = [
    ...[`Port ${port}`, 'ListenAddress 127.0.0.1', 'HostKey /etc/lab/host', 'AuthorizedKeysFile /etc/lab/keys'],
    ...[
      'PermitRootLogin yes',
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      'Subsystem sftp internal-sftp',
      withoutBashrc,
    ],
  ];
  run(`mkdir -p /etc/lab /run/sshd && umask 077 && cat >/etc/lab/host <<'END'\n${host}END
printf %s '${client}' >/etc/lab/keys; printf %s '${config.join('\n')}\n' >/etc/lab/config; /usr/sbin/sshd -f /etc/lab/config`);
  const knownHosts = join(folder, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${hostPublic}`);
  return [
    `ansible_host=127.0.0.1 ansible_port=${port} ansible_user=root`,
    `ansible_ssh_private_key_file=${join(folder, 'client')} ansible_ssh_known_hosts_file=${knownHosts}`,
    `ansible_ssh_common_args="-o UserKnownHostsFile=${knownHosts}"`,
  ].join(' ');
}
