import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Farm, startFarm } from '../sshd/farm.ts';

/**
 * Gives a suite a farm of three hosts and a folder, and takes the user's agent away, which would
 * offer its keys.
 */
export function farmWithoutAgent(ready: (farm: Farm, folder: string) => void): void {
  let farm: Farm;
  let folder: string;
  let agent: string | undefined;
  before(async () => {
    farm = await startFarm({ hosts: 3 });
    folder = mkdtempSync(join(tmpdir(), 'hw-farm-'));
    agent = process.env.SSH_AUTH_SOCK;
    delete process.env.SSH_AUTH_SOCK;
    ready(farm, folder);
  });
  after(async () => {
    await farm.stop();
    rmSync(folder, { recursive: true, force: true });
    if (agent !== undefined) process.env.SSH_AUTH_SOCK = agent;
  });
}
