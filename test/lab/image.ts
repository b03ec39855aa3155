import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildImage, buildLimit } from './build.ts';
import { labDirectory } from './directories.ts';
import { lockWait, withLock } from './lock.ts';
import type { Progress } from './progress.ts';
import { type Release, recipeHash, recipeOf } from './recipe.ts';

/** A built image: the system disk, the disk that carries data, and the keys that go with them. */
export type Image = {
  release: Release;
  directory: string;
  system: string;
  data: string;
  key: string;
  hostKey: string;
  /** The directory of the QEMU that comes with the image. */
  qemu: string;
};

/** The image of a release as its recipe stands, whether it has been built or not. */
export function imageOf(release: Release): Image {
  return imageIn(join(labDirectory(), 'images', `debian-${release}-${recipeHash(recipeOf(release))}`), release);
}

/** The image in a directory: of a lab that runs, while its recipe may have changed since. */
export function imageIn(directory: string, release: Release): Image {
  return {
    release,
    directory,
    system: join(directory, 'system.raw'),
    data: join(directory, 'data.qcow2'),
    key: join(directory, 'id_ed25519'),
    hostKey: join(directory, 'host_key.pub'),
    qemu: join(directory, 'qemu'),
  };
}

/** Whether the image is there. */
export function isBuilt(image: Image): boolean {
  return existsSync(image.hostKey);
}

/** The QEMU to run labs with, whatever their release: the one of the newest image. */
export async function ensureQemu(progress: Progress): Promise<string> {
  return (await ensureImage('13', progress)).qemu;
}

/** Builds the image of a release unless it is cached. Two builds at once wait for each other. */
export async function ensureImage(release: Release, progress: Progress): Promise<Image> {
  const image = imageOf(release);
  if (isBuilt(image)) return image;
  const newest = release === '13' ? undefined : await ensureImage('13', progress);
  if (process.getuid?.() !== 0) {
    throw new Error('The image of the lab is built as root: run "npm run lab -- build" as root once');
  }
  mkdirSync(join(labDirectory(), 'images'), { recursive: true });
  await withLock(`${image.directory}.lock`, lockWait('another build', buildLimit, progress), async () => {
    if (isBuilt(image)) return;
    const part = `${image.directory}.part`;
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { mode: 0o700 });
    await buildImage(recipeOf(release), part, progress, newest?.qemu);
    renameSync(part, image.directory);
  });
  return image;
}

/** The line of a known_hosts file for a lab on this port. */
export function knownHostsLine(image: Image, port: number): string {
  const [type, key] = readFileSync(image.hostKey, 'utf8').split(' ');
  return `[127.0.0.1]:${port} ${type} ${key}\n`;
}
