import { writeFileSync } from 'node:fs';
import type { Farm } from '../sshd/farm.ts';

/** How hosts are reached: as a farm has it, or servers of our own. */
export type Access = Pick<Farm, 'hosts' | 'key' | 'knownHosts' | 'user'>;

/**
 * Writes an inventory for Hostwright and Ansible. Options of `ssh` are not in it: Hostwright would
 * have to ask `ssh -G` about each host what they mean.
 * @returns its path
 */
export function writeInventory(file: string, { hosts, key, knownHosts, user }: Access): string {
  const vars = {
    ansible_user: user,
    ansible_ssh_private_key_file: key,
    ansible_ssh_known_hosts_file: knownHosts,
  };
  const addresses = hosts.map(({ address, name, port }) => [name, { ansible_host: address, ansible_port: port }]);
  // YAML has all of JSON in it.
  writeFileSync(file, JSON.stringify({ all: { vars, hosts: Object.fromEntries(addresses) } }, undefined, 1));
  return file;
}
