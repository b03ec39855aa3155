import { type Farm, startFarm } from '../sshd/farm.ts';

/**
 * A farm whose hosts are as alike to real ones as they can be on one machine: each with a key and a
 * /run, and thereby a lock, of its own.
 */
export function startBenchFarm(hosts: number): Promise<Farm> {
  return startFarm({ hosts, ownHostKeys: true, ownRun: true });
}
