import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFleet } from '../sandbox/fleet.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { startBeside } from './child-process.ts';
import type { Bench } from './part.ts';
import type { ProxyOptions } from './proxy.ts';

/** The source of an image, called h0, and the hosts that get it, h1 and so on. */
export interface ImageHosts {
  readonly inventory: string;
  /** The same with the limit on what the controller sends. */
  readonly slow: string;
  /** What a host sees as /srv/images: on disk, where all else of a sandbox is in memory. */
  readonly folderOf: (index: number) => string;
}

/** Starts them. */
export async function startImageHosts(bench: Bench, count: number, rate: number): Promise<ImageHosts> {
  const fleet = await makeFleet(count + 1);
  bench.atEnd(fleet.remove);
  const folderOf = (index: number) => join(bench.folder, `h${index}`);
  fleet.hosts.forEach((host, index) => {
    mkdirSync(folderOf(index));
    bindImages(host, folderOf(index));
  });
  const slow = rate === 0 ? fleet.inventory : await slowInventory(bench, fleet.inventory, rate);
  return { inventory: fleet.inventory, slow, folderOf };
}

/** Mounts a folder of this machine in the sandbox, from outside of its root. */
function bindImages({ enter }: Sandbox, folder: string): void {
  const at = enter.indexOf('chroot');
  const [program, ...words] = [...enter.slice(0, at), 'mount', '--bind', folder, join(enter[at + 1]!, 'srv/images')];
  const { status, stderr } = spawnSync(program!, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the folder for images cannot be mounted: ${stderr}`);
}

/** An inventory with each host behind the proxy, which sends no faster than one host may. */
async function slowInventory(bench: Bench, inventory: string, rate: number): Promise<string> {
  const text = readFileSync(inventory, 'utf8');
  const near = [...text.matchAll(/ansible_port=(\d+)/g)].map(match => Number(match[1]));
  const options: ProxyOptions = { delay: 0, rate, to: near.map(port => ({ address: '127.0.0.1', port })) };
  const ports = await startBeside<number[]>(bench, 'proxy.ts', options);
  // The key is known by the port.
  const known = [...text.matchAll(/ansible_ssh_known_hosts_file=(\S+)/g)].map(match => match[1]!);
  known.forEach((file, index) => {
    const line = readFileSync(file, 'utf8');
    writeFileSync(file, `${line}${line.replace(`:${near[index]} `, `:${ports[index]} `)}`);
  });
  const slow = join(bench.folder, 'slow-inventory');
  const far = (_: string, port: string) => `ansible_port=${ports[near.indexOf(Number(port))]}`;
  writeFileSync(slow, text.replace(/ansible_port=(\d+)/g, far));
  return slow;
}
