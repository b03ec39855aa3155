import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { slurp } from '../../src/modules/slurp/slurp.ts';
import { tempfile } from '../../src/modules/tempfile/tempfile.ts';
import { check, converge } from './converge.ts';
import { eachShell } from './timeline.ts';

describe('slurp, on this machine', () => {
  eachShell('reads any bytes, through a link', (host, at) => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256));
    writeFileSync(join(at, '-real $x'), bytes);
    symlinkSync('-real $x', join(at, 'link'));
    assert.deepEqual(contentOf(check(host, slurp, { src: join(at, 'link') })), bytes);
  });

  eachShell('reads a file of the kernel', host => {
    assert.match(contentOf(check(host, slurp, { src: '/proc/self/comm' })).toString(), /^\w+\n$/);
  });

  eachShell('refuses what is not a file, missing or too large', (host, at) => {
    mkdirSync(join(at, 'd'));
    writeFileSync(join(at, 'large'), '');
    truncateSync(join(at, 'large'), 16 * 1024 * 1024);
    assert.match(JSON.stringify(check(host, slurp, { src: join(at, 'd') })), /is a directory, not a file/);
    assert.match(JSON.stringify(check(host, slurp, { src: join(at, 'none') })), /does not exist/);
    assert.match(JSON.stringify(check(host, slurp, { src: join(at, 'large') })), /16777216 bytes; only files of less/);
  });
});

describe('tempfile, on this machine', () => {
  eachShell('makes a new file each time, for its owner only', (host, at) => {
    const args = { path: at, prefix: '-n $x ', suffix: '.conf' };
    assert.equal(check(host, tempfile, args).kind, 'change');
    assert.deepEqual(readdirSync(at), []);
    const paths = [converge(host, tempfile, args), converge(host, tempfile, args)].map(pathOf);
    assert.deepEqual(
      readdirSync(at).map(name => join(at, name)),
      paths.toSorted(),
    );
    for (const path of paths) {
      assert.match(path.slice(at.length), /^\/-n \$x [a-z0-9]{16}\.conf$/);
      assert.equal(statSync(path).mode & 0o7777, 0o600);
      assert.equal(readFileSync(path, 'utf8'), '');
    }
  });

  eachShell('makes a directory', (host, at) => {
    const path = pathOf(converge(host, tempfile, { state: 'directory', path: `${at}/` }));
    assert.ok(statSync(path).isDirectory());
    assert.equal(statSync(path).mode & 0o7777, 0o700);
  });

  eachShell('refuses a directory that is missing', (host, at) => {
    assert.match(JSON.stringify(check(host, tempfile, { path: join(at, 'none') })), /does not exist/);
  });
});

function contentOf(decision: object): Buffer {
  const { kind, result } = decision as { kind: string; result: { content: string } };
  assert.equal(kind, 'ok');
  return Buffer.from(result.content, 'base64');
}

function pathOf(decision: object): string {
  return (decision as { result: { path: string } }).result.path;
}
