import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { unarchive } from '../../src/modules/unarchive/unarchive.ts';
import { check, converge } from './converge.ts';
import { eachShell, timeline } from './timeline.ts';

const has = (program: string) => spawnSync('which', [program]).status === 0;

/**
 * A tree with all that an archive can hold, packed by `pack` in its folder, and an empty folder
 * `out`.
 */
function packed(at: string, ...pack: [string, ...string[]]): void {
  const tree = join(at, 'tree');
  mkdirSync(join(tree, 'pkg/bin dir'), { recursive: true });
  writeFileSync(join(tree, 'pkg/bin dir/-ä "q" \\x'), 'content');
  writeFileSync(join(tree, 'pkg/old'), '');
  utimesSync(join(tree, 'pkg/old'), 1e9, 1e9);
  symlinkSync('../old', join(tree, 'pkg/bin dir/link'));
  mkdirSync(join(at, 'out'));
  writeFileSync(join(at, 'out/mine'), 'mine');
  execFileSync(pack[0], pack.slice(1), { cwd: tree, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  rmSync(tree, { recursive: true });
}

function unpacked(at: string): void {
  const out = join(at, 'out');
  assert.deepEqual(readdirSync(out, { recursive: true }).toSorted(), [
    'mine',
    'pkg',
    'pkg/bin dir',
    'pkg/bin dir/-ä "q" \\x',
    'pkg/bin dir/link',
    'pkg/old',
  ]);
  assert.equal(readFileSync(join(out, 'pkg/bin dir/-ä "q" \\x'), 'utf8'), 'content');
  assert.equal(readlinkSync(join(out, 'pkg/bin dir/link')), '../old');
  assert.equal(statSync(join(out, 'pkg/old')).mtimeMs, 1e12);
}

describe('unarchive, on this machine', () => {
  timeline(`unpacks a tar.gz`, {
    module: unarchive,
    args: at => ({ src: join(at, `a b.tar.gz`), dest: join(at, 'out'), remote_src: true }),
    before: at => packed(at, 'tar', '-czf', join(at, `a b.tar.gz`), '.'),
    proof: unpacked,
    disturb: at => rmSync(join(at, 'out/pkg/bin dir'), { recursive: true }),
  });

  const others = { txz: '-cJf', 'tar.bz2': '-cjf', 'tar.zst': '-caf' };
  for (const [suffix, flags] of Object.entries(others)) {
    eachShell(`unpacks a ${suffix}`, (host, at) => {
      // busybox has no zstd.
      if (suffix === 'tar.zst' && (!has('zstd') || host.shell[0] === 'busybox')) return;
      packed(at, 'tar', flags, join(at, `a.${suffix}`), '.');
      const args = { src: join(at, `a.${suffix}`), dest: join(at, 'out'), remote_src: true };
      assert.equal(converge(host, unarchive, args).kind, 'change');
      unpacked(at);
    });
  }

  timeline('unpacks a tar again where a file, a link and a time differ', {
    module: unarchive,
    args: at => ({ src: join(at, 'a.tar'), dest: join(at, 'out'), remote_src: true }),
    before: at => {
      packed(at, 'tar', '-cf', join(at, 'a.tar'), 'pkg');
      mkdirSync(join(at, 'out/pkg'));
      writeFileSync(join(at, 'out/pkg/old'), '');
    },
    proof: unpacked,
    disturb: at => {
      rmSync(join(at, 'out/pkg/bin dir/link'));
      writeFileSync(join(at, 'out/pkg/bin dir/link'), 'now a file');
    },
  });

  eachShell('unpacks a zip where Info-ZIP is, and else says so', (host, at) => {
    if (!['unzip', 'zip'].every(has)) return;
    packed(at, 'zip', '-qry', join(at, 'a.zip'), '.');
    const args = { src: join(at, 'a.zip'), dest: join(at, 'out'), remote_src: true, mode: 'u+rwX,go-w' };
    if (host.shell[0] === 'busybox') {
      assert.match(JSON.stringify(check(host, unarchive, args)), /Install the package unzip first/);
      return;
    }
    const disturbances = [
      () => undefined,
      () => chmodSync(join(at, 'out/pkg/old'), 0o666),
      () => rmSync(join(at, 'out/pkg/bin dir/link')),
    ];
    for (const disturb of disturbances) {
      disturb();
      assert.equal(converge(host, unarchive, args).kind, 'change');
      unpacked(at);
      assert.equal(converge(host, unarchive, args).kind, 'ok');
    }
    const chosen = { ...args, include: ['pkg/*'], exclude: ['*old'], list_files: true };
    const { result } = check(host, unarchive, chosen) as { result?: { files?: string[] } };
    assert.ok(result?.files?.includes('pkg/bin dir/link') && !result.files.includes('pkg/old'));
  });

  timeline('owns what it unpacked, and nothing that links lead to', {
    module: unarchive,
    root: true,
    args: at => ({
      ...{ src: join(at, 'a.tar'), dest: join(at, 'out'), remote_src: true },
      ...{ owner: 'daemon', group: '2', mode: 'u=rwX,go=' },
    }),
    before: at => {
      packed(at, 'tar', '-cf', join(at, 'a.tar'), 'pkg');
      mkdirSync(join(at, 'out/pkg/bin dir'), { recursive: true });
    },
    proof: at => {
      const [file, directory, link, mine] = ['pkg/old', 'pkg', 'pkg/bin dir/link', 'mine'].map(name =>
        lstatSync(join(at, 'out', name)),
      );
      assert.deepEqual([file!.uid, file!.gid, file!.mode & 0o7777], [1, 2, 0o600]);
      assert.deepEqual([directory!.uid, directory!.mode & 0o7777, link!.uid], [1, 0o700, 1]);
      assert.equal(mine!.uid, 0);
    },
    disturb: at => chmodSync(join(at, 'out/pkg'), 0o755),
  });

  eachShell('leaves out what is excluded, and takes what is included only', (host, at) => {
    packed(at, 'tar', '-cf', join(at, 'a.tar'), 'pkg');
    const args = { src: join(at, 'a.tar'), dest: join(at, 'out'), remote_src: true };
    if (host.shell[0] === 'busybox') {
      assert.match(JSON.stringify(check(host, unarchive, { ...args, exclude: ['x'] })), /need GNU tar/);
      return;
    }
    assert.equal(converge(host, unarchive, { ...args, include: ['pkg/bin dir'], exclude: ['*/link'] }).kind, 'change');
    assert.deepEqual(readdirSync(join(at, 'out'), { recursive: true }).toSorted(), [
      'mine',
      'pkg',
      'pkg/bin dir',
      'pkg/bin dir/-ä "q" \\x',
    ]);
    assert.match(JSON.stringify(check(host, unarchive, { ...args, include: ['none'] })), /[Nn]ot found in archive/);
  });

  eachShell('takes options and newer files where GNU tar is, and else says so', (host, at) => {
    packed(at, 'tar', '-cf', join(at, 'a.tar'), 'pkg');
    const args = {
      ...{ src: join(at, 'a.tar'), dest: join(at, 'out'), remote_src: true },
      ...{ extra_opts: ['--strip-components=1'], keep_newer: true, list_files: true },
    };
    writeFileSync(join(at, 'out/old'), 'newer');
    if (host.shell[0] === 'busybox') {
      assert.match(JSON.stringify(check(host, unarchive, args)), /need GNU tar, and the host has another/);
      return;
    }
    assert.equal(converge(host, unarchive, args).kind, 'change');
    assert.equal(readFileSync(join(at, 'out/bin dir/-ä "q" \\x'), 'utf8'), 'content');
    assert.equal(readFileSync(join(at, 'out/old'), 'utf8'), 'newer');
    assert.equal(converge(host, unarchive, args).kind, 'ok');
  });

  eachShell('unpacks nothing that would land elsewhere', (host, at) => {
    writeFileSync(join(at, 'up'), 'x');
    mkdirSync(join(at, 'out'));
    mkdirSync(join(at, 'tree'));
    symlinkSync('/tmp', join(at, 'tree/l'));
    const args = { dest: join(at, 'out'), remote_src: true };
    execFileSync('tar', ['-P', '-cf', join(at, 'dots.tar'), '../up'], { cwd: join(at, 'out') });
    execFileSync('tar', ['-P', '-cf', join(at, 'root.tar'), join(at, 'up')]);
    execFileSync('tar', [
      '-P',
      '-cf',
      join(at, 'link.tar'),
      '-C',
      join(at, 'tree'),
      'l',
      '--transform=s,.*up,l/up,',
      join(at, 'up'),
    ]);
    for (const name of ['dots', 'root', 'link']) {
      const decision = converge(host, unarchive, { ...args, src: join(at, `${name}.tar`) });
      assert.match(JSON.stringify(decision), /would land outside of/, name);
    }
    assert.deepEqual(readdirSync(join(at, 'out')), []);
  });

  eachShell('does not take an archive that is damaged or missing for an empty one', (host, at) => {
    mkdirSync(join(at, 'out'));
    writeFileSync(join(at, 'bad.tar.gz'), 'no archive');
    const args = { src: join(at, 'bad.tar.gz'), dest: join(at, 'out'), remote_src: true };
    assert.match(JSON.stringify(check(host, unarchive, args)), /tar exited with code/);
    assert.match(JSON.stringify(check(host, unarchive, { ...args, src: join(at, 'none.tar') })), /does not exist/);
    assert.match(JSON.stringify(check(host, unarchive, { ...args, dest: join(at, 'none') })), /does not exist/);
    assert.equal(existsSync(join(at, 'none')), false);
  });
});
