import { createHash } from 'node:crypto';

/** Chunks are read and written in blocks of this size. */
export const block = 65536;

/** A short name for a path, for names of files and in comments of keys. */
export function idOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}

/**
 * The directory of a run on a host, in memory and for root alone: keys, names of peers, what serves
 * and what fetches.
 */
export function runDirectory(dest: string): string {
  return `/run/hostwright/image-${idOf(dest)}`;
}

/** What marks a line of authorized_keys as one of a run. */
export function keyComment(dest: string): string {
  return `hostwright-image-${idOf(dest)}`;
}

const cache = '/var/cache/hostwright/images';

/**
 * The hashes of an image's chunks: a line `size chunk_size sha256`, then one for each chunk; 0 is a
 * chunk of zeros.
 */
export function manifestPath(path: string): string {
  return `${cache}/${idOf(path)}.chunks`;
}

/**
 * Size, inode and time of the image that was hashed, and on a second line the hash of the manifest.
 */
export function stampPath(path: string): string {
  return `${cache}/${idOf(path)}.stamp`;
}

/** An image on its way. */
export function partPath(dest: string): string {
  return `${dest}.part`;
}

/** The chunks of it that are there and verified; the first line is the hash of the manifest. */
export function listPath(dest: string): string {
  return `${dest}.part.chunks`;
}
