import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** This machine's root once more: what is written there stays there, and is gone with it. */
export interface CopiedRoot {
  readonly path: string;
  remove(): void;
}

/** Why there can be no such root here; undefined if there can. */
export function copiedRootObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'it takes root';
  return /\boverlay\n/.test(readFileSync('/proc/filesystems', 'utf8')) ? undefined : 'the kernel has no overlay';
}

/**
 * Mounts a copy of this machine's root, in which package managers work in earnest and nothing of
 * this machine changes.
 */
export function copyRoot(): CopiedRoot {
  const base = mkdtempSync(join(tmpdir(), 'hostwright-root-'));
  const [path, upper, work] = ['root', 'memory/upper', 'memory/work'].map(name => join(base, name)) as [
    string,
    string,
    string,
  ];
  const memory = join(base, 'memory');
  for (const folder of [path, memory]) mkdirSync(folder);
  // The upper layer cannot lie on an overlay itself, as the root of a container may be.
  execFileSync('mount', ['-t', 'tmpfs', 'none', memory]);
  for (const folder of [upper, work]) mkdirSync(folder);
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=/,upperdir=${upper},workdir=${work}`, path]);
  execFileSync('mount', ['-t', 'proc', 'proc', join(path, 'proc')]);
  execFileSync('mount', ['-t', 'tmpfs', 'none', join(path, 'tmp')]);
  execFileSync('mount', ['--bind', '/dev', join(path, 'dev')]);
  return {
    path,
    remove() {
      for (const mounted of ['dev', 'tmp', 'proc', ''].map(name => join(path, name)).concat(memory)) {
        spawnSync('umount', ['-l', mounted]);
      }
      rmSync(base, { recursive: true, force: true });
    },
  };
}
