import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Decision } from '../../src/decision.ts';
import { apt } from '../../src/modules/apt/apt.ts';
import { converge, decideNow } from '../kvm/converge.ts';
import { type CopiedRoot, copiedRootObstacle, copyRoot } from './copied-root.ts';

const able =
  copiedRootObstacle() === undefined && ['apt-get', 'dpkg-deb'].every(name => existsSync(`/usr/bin/${name}`));

(able ? describe : describe.skip)('apt, in a copy of this machine with a repository of its own', function () {
  this.timeout(90_000);
  let root: CopiedRoot;

  beforeEach(() => {
    root = copyRoot();
    for (const name of [
      'etc/apt/sources.list',
      'etc/apt/sources.list.d',
      'var/lib/apt/lists',
      'var/lib/apt/periodic',
    ]) {
      rmSync(inside(name), { recursive: true, force: true });
    }
    put('etc/apt/sources.list', 'deb [trusted=yes] file:/repository ./\n');
    mkdirSync(inside('var/lib/apt/lists/partial'), { recursive: true });
    mkdirSync(inside('repository'));
  });
  afterEach(() => root.remove());

  const inside = (name: string) => join(root.path, name);
  const place = () => ({ before: ['chroot', root.path] });
  const now = (args: object) => decideNow(apt, args, place());

  function put(name: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(inside(name)), { recursive: true });
    writeFileSync(inside(name), text, { mode });
  }

  /** A package in the repository; its text is what the file that it brings holds. */
  function offer(name: string, version: string, more: string[] = [], postinst?: string): string {
    const source = `build/${name}`;
    rmSync(inside('build'), { recursive: true, force: true });
    const fields = [
      `Package: ${name}`,
      `Version: ${version}`,
      'Architecture: all',
      'Maintainer: Test <test@example.com>',
    ];
    put(`${source}/DEBIAN/control`, [...fields, ...more, `Description: ${name} for a test`, ''].join('\n'));
    put(`${source}/DEBIAN/conffiles`, `/etc/${name}.conf\n`);
    put(`${source}/etc/${name}.conf`, `${name} ${version}\n`);
    if (postinst !== undefined) put(`${source}/DEBIAN/postinst`, `#!/bin/sh\n${postinst}\n`, 0o755);
    const file = `repository/${name}_${version}.deb`;
    execFileSync('dpkg-deb', ['--root-owner-group', '-b', inside(source), inside(file)], { stdio: 'ignore' });
    const bytes = readFileSync(inside(file));
    const index = [
      ...fields,
      ...more,
      `Filename: ./${name}_${version}.deb`,
      `Size: ${bytes.length}`,
      `SHA256: ${createHash('sha256').update(bytes).digest('hex')}`,
      `Description: ${name} for a test`,
      '\n',
    ].join('\n');
    const packages = inside('repository/Packages');
    writeFileSync(packages, index, { flag: 'a' });
    return `/${file}`;
  }

  function versions(): Record<string, string> {
    const format = '${db:Status-Abbrev}${Package} ${Version}\n';
    const { stdout } = spawnSync('chroot', [root.path, 'dpkg-query', '-W', '-f', format, 'hw-*'], { encoding: 'utf8' });
    const lines = stdout.split('\n').flatMap(line => /^ii +(\S+) (\S+)$/.exec(line)?.slice(1, 3) ?? []);
    return Object.fromEntries(lines.flatMap((name, at) => (at % 2 === 0 ? [[name, lines[at + 1]!]] : [])));
  }

  function planned(decision: Decision): string {
    assert.equal(decision.kind, 'change', JSON.stringify(decision));
    return decision.kind === 'change' ? decision.diff.map(({ before, after }) => `${before}=> ${after}`).join('') : '';
  }

  /** Check mode predicts and changes nothing; the run does that; then it is ok. */
  function lives(args: object, predicted: RegExp | string, result: Record<string, string>): void {
    const before = versions();
    const plan = planned(now(args));
    if (typeof predicted === 'string') assert.equal(plan, predicted);
    else assert.match(plan, predicted);
    assert.deepEqual(versions(), before, 'check mode changed something');
    const { second } = converge(apt, args, place());
    assert.deepEqual(versions(), result);
    assert.equal(second?.kind, 'ok', JSON.stringify(second));
  }

  function refusal(args: object): string {
    const decision = now(args);
    assert.equal(decision.kind, 'refuse', JSON.stringify(decision));
    return decision.kind === 'refuse' ? `${decision.message} ${decision.advice}` : '';
  }

  it('installs with what is needed, fixes what was removed by hand, and removes all of it', () => {
    offer('hw-lib', '1.0');
    offer('hw-app', '1.0', ['Depends: hw-lib']);
    const both = { 'hw-app': '1.0', 'hw-lib': '1.0' };
    lives({ name: 'hw-app', update_cache: true }, 'old\n=> fetched\n=> hw-app\n', both);
    execFileSync('chroot', [root.path, 'dpkg', '--purge', 'hw-app'], { stdio: 'ignore' });
    lives({ name: ['hw-app'] }, '=> hw-app 1.0\n', both);
    assert.equal(now({ name: 'hw-app', state: 'latest', update_cache: true }).kind, 'ok');
    lives({ name: 'hw-app', state: 'absent' }, 'hw-app 1.0\n=> ', { 'hw-lib': '1.0' });
    assert.ok(existsSync(inside('etc/hw-app.conf')), 'without purge its configuration stays');
    lives(
      { name: 'hw-app', state: 'absent', purge: true, autoremove: true },
      'hw-app (configuration files)\nhw-lib 1.0\n=> ',
      {},
    );
    assert.ok(!existsSync(inside('etc/hw-app.conf')));
  });

  it('fetches the lists alone, and again each time if nothing is fresh enough', () => {
    offer('hw-app', '1.0');
    for (const _ of [1, 2]) {
      const { first } = converge(apt, { cache_valid_time: 0 }, place());
      assert.equal(planned(first), 'old\n=> fetched\n');
      execFileSync('sleep', ['1']);
    }
    assert.equal(now({ cache_valid_time: 600 }).kind, 'ok');
    rmSync(inside('repository'), { recursive: true });
    assert.throws(() => converge(apt, { cache_valid_time: 0 }, place()), /refresh left with 100/);
  });

  it('keeps to a version, upgrades without a question, and downgrades only if it may', () => {
    offer('hw-app', '1.0');
    offer('hw-app', '2.0');
    lives({ name: 'hw-app=1.*', update_cache: true }, /hw-app=1/, { 'hw-app': '1.0' });
    assert.equal(now({ name: 'hw-app' }).kind, 'ok');
    put('etc/hw-app.conf', 'mine\n');
    lives({ name: 'hw-app', state: 'latest', only_upgrade: true }, 'hw-app 1.0\n=> hw-app 2.0\n', { 'hw-app': '2.0' });
    assert.equal(readFileSync(inside('etc/hw-app.conf'), 'utf8'), 'mine\n');
    assert.match(refusal({ name: 'hw-app=1.0' }), /downgraded.*say allow_downgrade: true/s);
    lives({ name: 'hw-app=1.0', allow_downgrade: true }, 'hw-app 2.0\n=> hw-app 1.0\n', { 'hw-app': '1.0' });
    execFileSync('chroot', [root.path, 'apt-mark', 'hold', 'hw-app'], { stdio: 'ignore' });
    assert.match(refusal({ name: 'hw-app=2.0' }), /Held packages.*apt-mark unhold/s);
  });

  it('upgrades everything, and removes nothing by a safe upgrade', () => {
    for (const name of ['hw-app', 'hw-bad', 'hw-old']) offer(name, '1.0');
    converge(apt, { name: ['hw-app', 'hw-bad', 'hw-old'], update_cache: true }, place());
    assert.equal(now({ upgrade: 'yes' }).kind, 'ok');
    offer('hw-app', '2.0', ['Depends: hw-new']);
    offer('hw-new', '1.0');
    offer('hw-bad', '2.0', ['Conflicts: hw-old']);
    converge(apt, { cache_valid_time: 0 }, place());
    const wanted = { 'hw-app': '2.0', 'hw-bad': '1.0', 'hw-new': '1.0', 'hw-old': '1.0' };
    lives({ upgrade: 'safe' }, 'hw-app 1.0\n=> hw-app 2.0\nhw-new 1.0\n', wanted);
    assert.match(refusal({ name: 'hw-bad', state: 'latest' }), /these would be removed: hw-old/);
    const { 'hw-old': gone, ...rest } = { ...wanted, 'hw-bad': '2.0' };
    lives({ name: 'hw-bad=2.0', allow_removal: true }, `hw-bad 1.0\nhw-old ${gone}\n=> hw-bad 2.0\n`, rest);
  });

  it('installs a file with what it needs', () => {
    offer('hw-lib', '1.0');
    converge(apt, { cache_valid_time: 0 }, place());
    const deb = offer('hw-app', '1.0', ['Depends: hw-lib']);
    lives({ deb }, '=> hw-app 1.0\nhw-lib 1.0\n', { 'hw-app': '1.0', 'hw-lib': '1.0' });
    assert.match(refusal({ deb: '/none.deb' }), /cannot do that: E: Unsupported file/);
  });

  it('knows no package that is none, and leaves what is not installed alone', () => {
    offer('hw-app', '1.0');
    assert.match(refusal({ name: 'hw-none' }), /Unable to locate package hw-none/);
    converge(apt, { cache_valid_time: 0 }, place());
    assert.equal(now({ name: 'hw-app', only_upgrade: true }).kind, 'ok');
    assert.equal(now({ name: 'hw-none', state: 'absent' }).kind, 'ok');
  });

  it('says who has the lock', async () => {
    offer('hw-app', '1.0');
    const slow = offer('hw-slow', '1.0', [], 'touch /begun; while [ ! -e /go ]; do sleep 0.1; done');
    converge(apt, { cache_valid_time: 0 }, place());
    const other = spawn('chroot', [root.path, 'apt-get', '-y', 'install', slow], { stdio: 'ignore' });
    const ended = new Promise(done => other.on('exit', done));
    while (!existsSync(inside('begun')) && other.exitCode === null) await new Promise(done => setTimeout(done, 50));
    try {
      const locked = /dpkg is locked by process \d+: apt-get -y install \/repository/;
      assert.throws(() => converge(apt, { name: 'hw-app', lock_timeout: 1 }, place()), locked);
    } finally {
      put('go', '');
      await ended;
    }
    assert.deepEqual(versions(), { 'hw-slow': '1.0' });
  });
});
