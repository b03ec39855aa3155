import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

export interface Disk {
  readonly image: string;
  readonly device: string;
}

export interface LoopDisks {
  /** A folder for the suite. */
  readonly directory: string;
  /** A new empty disk; it is gone after the test. */
  disk(name: string, bytes?: number): Disk;
}

/**
 * Loop devices over sparse files for the suite that calls it; skips the suite where they or the
 * tools are not to be had.
 */
export function loopDisks(tools: readonly string[]): LoopDisks {
  const able = process.getuid?.() === 0 && ['losetup', ...tools].every(tool => spawnSync('which', [tool]).status === 0);
  const disks: Disk[] = [];
  let directory = '';

  before(function () {
    if (!able) {
      if (process.env.CI) throw new Error(`needs root and ${tools.join(', ')}`);
      return this.skip();
    }
    directory = mkdtempSync(join(tmpdir(), 'hostwright-disks-'));
    return undefined;
  });

  afterEach(() => {
    for (const { device, image } of disks.splice(0)) {
      while (spawnSync('umount', [device]).status === 0);
      spawnSync('swapoff', [device]);
      forgetPartitions(device);
      spawnSync('blockdev', ['--setrw', device]);
      execFileSync('losetup', ['-d', device]);
      rmSync(image);
    }
  });

  after(() => {
    if (directory !== '') rmSync(directory, { recursive: true });
  });

  return {
    get directory() {
      return directory;
    },
    disk(name, bytes = 2 ** 30 + 2 ** 26) {
      const image = join(directory, name);
      writeFileSync(image, '');
      truncateSync(image, bytes);
      const device = execFileSync('losetup', ['-f', '--show', image], { encoding: 'utf8' }).trim();
      disks.push({ image, device });
      return { image, device };
    },
  };
}

/**
 * The kernel would keep the partitions for the next image. It refuses to forget one that someone
 * has open, such as a scan of LVM in another suite.
 */
function forgetPartitions(device: string): void {
  const partitions = () =>
    readdirSync(`/sys/class/block/${basename(device)}`).filter(name => /^loop\d+p\d+$/.test(name));
  for (let left = 50; left > 0 && partitions().length > 0; left--) {
    if (spawnSync('partx', ['-d', device]).status !== 0) spawnSync('sleep', ['0.1']);
  }
  assert.deepEqual(partitions(), [], `partitions of ${device} stay in use`);
}

/** Writes bytes somewhere on a device, and leaves it closed. */
export function writeTo(device: string, bytes: Uint8Array, where: number): void {
  const file = openSync(device, 'r+');
  writeSync(file, bytes, 0, bytes.length, where);
  closeSync(file);
}

/**
 * The hash of an image with its holes left out, so that a sparse GiB takes no time; flushes the
 * loop device first.
 */
export function hashOf(file: string): string {
  execFileSync('sync');
  // Blocks of zeros and holes are the same content; as holes they are also the same archive.
  execFileSync('fallocate', ['--dig-holes', file]);
  const archive = execFileSync('tar', ['-c', '-S', '--mtime=@0', '-P', file], { maxBuffer: 2 ** 28 });
  return createHash('sha256').update(archive).digest('hex');
}
