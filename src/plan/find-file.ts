import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';

/** The first place of a search path that has a file; an absolute path is taken as it is. */
export function findFile(name: string, searchPath: readonly string[]): string | undefined {
  const places = isAbsolute(name) ? [name] : searchPath.map(directory => resolve(directory, name));
  return places.find(place => existsSync(place));
}

/** Where a file was looked for, as a hint; the working directory is "this folder". */
export function lookedIn(searchPath: readonly string[]): string {
  const places = new Set(searchPath.map(place => (place === '.' ? 'this folder' : place)));
  return `Looked in: ${[...places].join(', ')}.`;
}
