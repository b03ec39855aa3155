import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix } from 'node:path';
import { messageOf } from '../../errors.ts';
import type { ValueFunction } from './function.ts';

const path = { name: 'path', type: 'string' } as const;

/** Functions on paths, and what they find on the controller. */
export const pathFunctions: readonly ValueFunction[] = [
  {
    name: 'basename',
    summary: 'The last part of a path.',
    params: [path],
    returns: 'string',
    example: { args: ['/a/b.iso'], gives: 'b.iso' },
    call: (given: string) => posix.basename(given),
  },
  {
    name: 'dirname',
    summary: 'A path without its last part; an empty text for a name alone.',
    params: [path],
    returns: 'string',
    example: { args: ['/a/b.iso'], gives: '/a' },
    call: (given: string) => (given.includes('/') ? posix.dirname(given) : ''),
  },
  {
    name: 'extname',
    summary: 'The ending of a path, with its dot.',
    params: [path],
    returns: 'string',
    example: { args: ['/a/b.iso'], gives: '.iso' },
    call: (given: string) => posix.extname(given),
  },
  {
    name: 'path_join',
    summary: 'Two paths as one, without doubled slashes.',
    params: [path, { name: 'more', type: 'string' }],
    returns: 'string',
    example: { args: ['/a/', 'b/../c'], gives: '/a/c' },
    call: (given: string, more: string) => posix.join(given, more),
  },
  {
    name: 'expanduser',
    summary: 'A path with the home of this user for ~ at its beginning.',
    params: [path],
    returns: 'string',
    example: { args: ['/a/~'], gives: '/a/~' },
    call: (given: string) => given.replace(/^~(?=\/|$)/, () => homedir()),
  },
  {
    name: 'first_found',
    summary: 'The first path of a list that exists on this machine.',
    params: [{ name: 'paths', type: 'list' }],
    returns: 'string',
    example: { args: [['/no/such/file', '/dev/null']], gives: '/dev/null' },
    call: (paths: readonly unknown[]) => {
      const found = paths.map(String).find(one => existsSync(absolute(one)));
      if (found === undefined) throw new TypeError(`none of these exists: ${paths.map(String).join(', ')}`);
      return found;
    },
  },
  {
    name: 'fileglob',
    summary: 'The files of this machine that match a pattern of a shell, in order of their names.',
    params: [{ name: 'pattern', type: 'string' }],
    returns: 'list',
    example: { args: ['/dev/nul[l]'], gives: ['/dev/null'] },
    call: (pattern: string) => globSync(absolute(pattern)).filter(isNoFolder).toSorted(),
  },
  {
    name: 'file',
    summary: 'The content of a text file of this machine, without the line end at its end.',
    params: [path],
    returns: 'string',
    example: { args: ['/dev/null'], gives: '' },
    call: (given: string) => {
      const found = absolute(given);
      try {
        return readFileSync(found, 'utf8').replace(/\r?\n$/, '');
      } catch (error) {
        throw new TypeError(`the file cannot be read: ${messageOf(error)}`, { cause: error });
      }
    },
  },
  {
    name: 'env',
    summary: 'A variable of the environment in which Hostwright runs, or the second value where there is none.',
    params: [
      { name: 'name', type: 'string' },
      { name: 'fallback', type: 'dyn', optional: true },
    ],
    returns: 'dyn',
    example: { args: ['NO_SUCH_VARIABLE', 'none'], gives: 'none' },
    call: (name: string, fallback: unknown) => {
      const found = process.env[name] ?? fallback;
      if (found === undefined) throw new TypeError(`the environment has no "${name}", and no second value is given`);
      return found;
    },
  },
];

function isNoFolder(found: string): boolean {
  return statSync(found, { throwIfNoEntry: false })?.isDirectory() === false;
}

/** A path that means the same in whatever folder Hostwright is started. */
function absolute(given: string): string {
  if (posix.isAbsolute(given)) return given;
  const quoted = JSON.stringify(given);
  const form = /^~(\/|$)/.test(given) ? `expanduser(${quoted})` : `path_join(playbook_dir, ${quoted})`;
  throw new TypeError(`${quoted} is not an absolute path; write ${form}`);
}
