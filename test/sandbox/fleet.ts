import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSandbox, type Sandbox, sandboxShells } from './sandbox.ts';
import { serve } from './serve.ts';

/** Sandboxes that reach each other over SSH, called h0, h1 and so on, with shells in turn. */
export interface Fleet {
  readonly hosts: readonly Sandbox[];
  /** Path of an inventory of them all. */
  readonly inventory: string;
  readonly remove: () => Promise<void>;
}

/** Makes that many hosts. They have no libvirt, and let keys in that are in /etc/lab/keys. */
export async function makeFleet(size: number): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), 'hw-fleet-'));
  const hosts: Sandbox[] = [];
  const lines: string[] = [];
  for (let at = 0; at < size; at++) {
    const host = await makeSandbox(sandboxShells[at % sandboxShells.length]!);
    hosts.push(host);
    const own = join(folder, `h${at}`);
    mkdirSync(own);
    lines.push(`h${at} ${await serve(host, own)}`);
    host.run(
      'rm -f "$(command -v virsh)" /etc/ssh/ssh_host_*; ssh-keygen -y -f /etc/lab/host > /etc/ssh/ssh_host_ed25519_key.pub; mkdir -p /srv/images',
    );
  }
  const inventory = join(folder, 'inventory');
  writeFileSync(inventory, `${lines.join('\n')}\n`);
  return {
    hosts,
    inventory,
    async remove() {
      await Promise.all(hosts.map(host => host.remove()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
