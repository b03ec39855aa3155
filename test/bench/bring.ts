import { mkdirSync, rmSync } from 'node:fs';
import { type Peer, type Site, titles } from './peers.ts';
import { readRecap } from './recap.ts';
import { mustRun } from './run-program.ts';

/** Both runs of a peer: with nothing there, and again with all as it should be. Seconds of each. */
export interface Brought {
  readonly cold: number;
  readonly converged: number;
}

/**
 * Lets a peer bring hosts to the condition from nothing, and again.
 * @throws Error if it did not do every task, or changed something again
 */
export async function bring(peer: Peer, site: Site, signal: AbortSignal): Promise<Brought> {
  rmSync(site.root, { recursive: true, force: true });
  // Hosts of their own would not make it all at the same time.
  mkdirSync(site.root, { recursive: true });
  const cold = await once(peer, site, signal, 'all');
  return { cold, converged: await once(peer, site, signal, 'none') };
}

async function once(peer: Peer, site: Site, signal: AbortSignal, changed: 'all' | 'none'): Promise<number> {
  const { folder, project } = site;
  try {
    const { output, seconds } = await mustRun({ ...peer.start(site), cwd: project.folder, folder, signal });
    const recap = readRecap(output);
    const tasks = site.access.hosts.length * project.tasks;
    const wanted = changed === 'all' ? tasks : 0;
    if (recap.ok !== tasks || recap.failed > 0 || recap.changed !== wanted) {
      const said = output.trim().split('\n').slice(-15).join('\n');
      throw new Error(`${titles[peer.name]} was to change ${wanted} of ${tasks}: ${JSON.stringify(recap)}\n${said}`);
    }
    return seconds;
  } finally {
    peer.after?.(site);
  }
}
