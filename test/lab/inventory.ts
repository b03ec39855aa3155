import { writeFileSync } from 'node:fs';
import type { SshAccess } from './ssh.ts';

/** Writes an inventory of the one hypervisor, readable by Hostwright and by Ansible. */
export function writeInventory(file: string, { key, knownHosts, port }: SshAccess): void {
  const variables = {
    ansible_host: '127.0.0.1',
    ansible_port: port,
    ansible_user: 'root',
    ansible_ssh_private_key_file: key,
    ansible_ssh_known_hosts_file: knownHosts,
    ansible_ssh_common_args: `-o UserKnownHostsFile=${knownHosts}`,
  };
  const lines = Object.entries(variables).map(([name, value]) => `      ${name}: ${JSON.stringify(value)}`);
  writeFileSync(file, `${['hypervisors:', '  hosts:', '    hv1:', ...lines].join('\n')}\n`);
}
