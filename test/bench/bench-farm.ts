import { type Farm, startFarm } from '../sshd/farm.ts';

/** A farm whose hosts are as alike to real ones as they can be on one machine: each with a key and a /run, and thereby a lock, of its own. */
export function startBenchFarm(hosts: number): Promise<Farm> {
  // bash reads ~/.bashrc for a command that comes over SSH, if SHLVL says that it is the first shell. What the user of this machine has in it may take
  // longer than all that is measured.
  return startFarm({ hosts, ownHostKeys: true, ownRun: true, config: ['SetEnv SHLVL=1'] });
}
