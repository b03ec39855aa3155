import assert from 'node:assert/strict';
import { tidyPath } from '../../src/host/file/resolve.ts';
import { file } from '../../src/modules/file/file.ts';
import { outcome } from './tables.ts';

/**
 * What the Filesystem Hierarchy Standard has below the root, but for what it calls optional names
 * of libraries.
 */
const standard = [
  ...['bin', 'boot', 'dev', 'etc', 'home', 'lib', 'lib32', 'lib64', 'libx32', 'media', 'mnt', 'opt', 'proc'],
  ...['root', 'run', 'sbin', 'srv', 'sys', 'tmp', 'usr', 'var'],
];

/** What is decided about a directory with a file in it under `state: absent`. */
function removed(path: string): Record<string, unknown> {
  const entry = '41ed 2 0 0 4096 1700000000 64768 42 root root\n';
  const mounts = '22 1 254:1 / / rw - ext4 /dev/vda1 rw\n';
  const real = `${tidyPath(path)}\n`;
  const removal = { listing: `${path}\n${path}/kept\n`, real, system: '', mounts };
  const parts = Object.entries(removal).map(([name, text]) => [`removal.${name}`, text]);
  const answer = { place: entry, ...Object.fromEntries(parts) };
  return outcome(file, { it: path, args: { path, state: 'absent' }, answer, expect: {} });
}

describe('directories of the system', () => {
  for (const path of ['/', '//', ...standard.flatMap(name => [`/${name}`, `/${name}/`])]) {
    it(`are never removed: ${path}`, () => {
      const { kind, message } = removed(path);
      assert.equal(kind, 'refuse');
      assert.match(String(message), /(is a directory of the system|is a mount point), and will not be removed$/);
    });
  }

  it('are not those below them, or those of other names', () => {
    for (const path of ['/srv/images', '/mnt/a', '/media2', '/optional']) assert.equal(removed(path).kind, 'change');
  });
});
