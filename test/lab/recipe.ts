import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Release = '12' | '13';
export const releases: Release[] = ['13', '12'];

/** The folder of the scripts and files that an image is built with. */
export const recipeDirectory = join(import.meta.dirname, 'image');

const packages = [
  // a system that boots and can be logged in to
  ...['systemd-sysv', 'udev', 'dbus', 'kmod', 'e2fsprogs', 'linux-image-cloud-amd64', 'initramfs-tools', 'grub-pc'],
  ...['openssh-server', 'sudo', 'opendoas', 'iproute2', 'procps', 'zstd', 'curl', 'ca-certificates'],
  // a hypervisor
  ...['lvm2', 'thin-provisioning-tools', 'libvirt-daemon-system', 'libvirt-clients', 'qemu-system-x86', 'qemu-utils'],
  'fio',
  // what the guest's initramfs is made of
  ...['busybox-static', 'cpio', 'xz-utils'],
];

/**
 * What lies in the image as packages, with what they depend on: the machine has no internet, and
 * roles install them.
 */
const offered = ['irqbalance', 'nfs-kernel-server', 'nfs-common', 'tuned'];

export type Recipe = { release: Release; suite: string; packages: string[]; offered: string[]; size: number };

/** What an image of a Debian release is made of. */
export function recipeOf(release: Release): Recipe {
  return { release, suite: release === '13' ? 'trixie' : 'bookworm', packages, offered, size: 10 * 1024 ** 3 };
}

/**
 * A hash over the recipe and over every file that takes part in the build: an image is cached under
 * it.
 */
export function recipeHash(recipe: Recipe): string {
  const hash = createHash('sha256').update(JSON.stringify(recipe));
  for (const name of readdirSync(recipeDirectory).sort()) {
    hash.update(`\0${name}\0`).update(readFileSync(join(recipeDirectory, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
