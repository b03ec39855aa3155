import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { find } from '../../src/modules/find/find.ts';
import { check, type Host } from './converge.ts';
import { eachShell } from './timeline.ts';

interface Listed {
  readonly files: readonly { readonly path: string; readonly [field: string]: unknown }[];
  readonly examined: number;
  readonly matched: number;
  readonly skipped_paths: Readonly<Record<string, string>>;
}

function look(host: Host, args: object): Listed {
  const decision = check(host, find, args);
  assert.equal(decision.kind, 'ok', JSON.stringify(decision));
  return (decision as { result: unknown }).result as Listed;
}

/** What is found below `at`, without that. */
function names(host: Host, at: string, args: object): string[] {
  return look(host, { paths: [at], ...args }).files.map(({ path }) => path.slice(at.length + 1));
}

function grow(at: string): void {
  mkdirSync(join(at, 'd/e'), { recursive: true });
  mkdirSync(join(at, '.hid'));
  writeFileSync(join(at, 'a.log'), 'first line\nsecond\n');
  writeFileSync(join(at, 'new\nline.log'), 'x'.repeat(2048));
  writeFileSync(join(at, '.dot'), '');
  writeFileSync(join(at, '.hid/x.log'), 'second\n');
  writeFileSync(join(at, "d/it's -n $x.log"), '');
  writeFileSync(join(at, 'd/e/deep'), 'a second\n');
  utimesSync(join(at, 'd/e/deep'), 1e9, 1e9);
  symlinkSync('d', join(at, 'link'));
  symlinkSync('nowhere', join(at, 'broken'));
}

describe('find, on this machine', function () {
  this.timeout(120_000);
  eachShell('lists what each argument asks for', (host, at) => {
    grow(at);
    const all = ['a.log', "d/it's -n $x.log", 'd/e/deep', 'new\nline.log', '.hid/x.log'].toSorted();
    assert.deepEqual(names(host, at, {}), ['a.log', 'new\nline.log']);
    assert.deepEqual(names(host, at, { recurse: true }), all);
    assert.deepEqual(
      names(host, at, { recurse: true, depth: 2 }),
      all.filter(name => name !== 'd/e/deep'),
    );
    assert.deepEqual(names(host, at, { hidden: true }), ['.dot', 'a.log', 'new\nline.log']);
    assert.deepEqual(names(host, at, { file_type: 'directory', recurse: true }), ['d', 'd/e']);
    assert.deepEqual(names(host, at, { file_type: 'link' }), ['broken', 'link']);
    assert.deepEqual(names(host, at, { file_type: 'any' }), ['a.log', 'broken', 'd', 'link', 'new\nline.log']);
    assert.deepEqual(names(host, at, { patterns: '*.log,deep', excludes: ['n*'] }), ['a.log']);
    assert.deepEqual(names(host, at, { use_regex: true, patterns: ['[a-z]\\.log$'] }), ['a.log']);
    assert.deepEqual(names(host, at, { size: '2k' }), ['new\nline.log']);
    assert.deepEqual(names(host, at, { size: '-1k' }), ['a.log']);
    assert.deepEqual(names(host, at, { recurse: true, age: '52w' }), ['d/e/deep']);
    assert.deepEqual(names(host, at, { age: '-1h' }), ['a.log', 'new\nline.log']);
    assert.deepEqual(names(host, at, { recurse: true, contains: 'second|zzz' }), ['.hid/x.log', 'a.log']);
    assert.deepEqual(names(host, at, { recurse: true, contains: '.* second' }), ['d/e/deep']);
  });

  eachShell('follows links where asked for, and through a path that is one', (host, at) => {
    grow(at);
    const followed = names(host, at, { recurse: true, follow: true, file_type: 'any', patterns: ['it*', 'broken'] });
    assert.deepEqual(followed, ['broken', "d/it's -n $x.log", "link/it's -n $x.log"]);
    assert.deepEqual(names(host, join(at, 'link'), {}), ["it's -n $x.log"]);
    symlinkSync('..', join(at, 'd/loop'));
    assert.deepEqual(names(host, join(at, 'd/e'), { recurse: true, follow: true }), ['deep']);
  });

  eachShell('tells what stat tells', (host, at) => {
    grow(at);
    const path = join(at, 'a.log');
    chmodSync(path, 0o4751);
    const { files, examined, matched } = look(host, { paths: at, patterns: ['a.*'] });
    const { uid, gid, size, ino, nlink, mtimeMs } = lstatSync(path);
    const wanted = { path, isreg: true, islnk: false, mode: '4751', uid, gid, size, inode: ino, nlink };
    assert.partialDeepStrictEqual(files, [{ ...wanted, mtime: Math.floor(mtimeMs / 1000) }]);
    assert.deepEqual([examined, matched], [1, 1]);
  });

  eachShell('lists more than one call of a program can name', (host, at) => {
    const long = join(at, 'x'.repeat(200), 'y'.repeat(200));
    mkdirSync(long, { recursive: true });
    for (let index = 0; index < 1500; index += 1) writeFileSync(join(long, `${index}`), '');
    assert.equal(look(host, { paths: [at], recurse: true }).matched, 1500);
  });

  eachShell('names the paths that it could not look at, and fails where it may not', (host, at) => {
    grow(at);
    const paths = [join(at, 'none'), join(at, 'a.log')];
    assert.deepEqual(look(host, { paths }).skipped_paths, {
      [paths[0]!]: 'does not exist',
      [paths[1]!]: 'is a file, not a directory',
    });
    const odd = check(host, find, { paths: [at], contains: '(' });
    assert.match(JSON.stringify(odd), /could not look at all that lies below: .*grep/);
  });

  it('fails where a directory may not be read', function () {
    if (process.getuid?.() !== 0) this.skip();
    const at = execFileSync('mktemp', ['-d']).toString().trim();
    execFileSync('sh', ['-c', 'chmod 755 "$0" && mkdir -m 700 "$0/secret"', at]);
    const shell = ['setpriv', '--reuid=65534', '--clear-groups', 'sh'];
    const decision = check({ shell }, find, { paths: [at], recurse: true });
    execFileSync('rm', ['-r', at]);
    assert.match(JSON.stringify(decision), /could not look at all .*secret.*Permission denied/);
  });
});
