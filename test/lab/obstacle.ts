import { spawnSync } from 'node:child_process';
import { imageOf, isBuilt } from './image.ts';
import type { Release } from './recipe.ts';

/** Why the lab cannot run on this machine, or undefined if it can. */
export function labObstacle(release: Release): string | undefined {
  if (process.arch !== 'x64') return 'the lab is an x86-64 machine, and this is not one';
  const needed = ['qemu-img', 'ssh', 'flock'];
  if (!isBuilt(imageOf(release))) {
    if (process.getuid?.() !== 0) return 'its image is not built yet, and building it needs root';
    needed.push('debootstrap', 'unshare', 'sfdisk', 'mkfs.ext4', 'apt-get');
  }
  const missing = needed.filter(program => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  return missing.length > 0 ? `${missing.join(', ')} not found` : undefined;
}
