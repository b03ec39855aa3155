import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Decision } from '../../src/decision.ts';
import { dnf } from '../../src/modules/dnf/dnf.ts';
import { converge, decideNow } from '../kvm/converge.ts';
import { type CopiedRoot, copiedRootObstacle, copyRoot } from './copied-root.ts';

const tools = ['dnf', 'rpm', 'rpmbuild', 'createrepo_c'];
const able = copiedRootObstacle() === undefined && tools.every(name => existsSync(`/usr/bin/${name}`));

(able ? describe : describe.skip)('dnf, in a copy of this machine with a repository of its own', function () {
  this.timeout(240_000);
  let root: CopiedRoot;

  beforeEach(() => {
    root = copyRoot();
    for (const name of ['etc/yum.repos.d', 'var/cache/dnf', 'var/lib/rpm']) {
      rmSync(inside(name), { recursive: true, force: true });
      mkdirSync(inside(name), { recursive: true });
    }
    for (const name of ['base', 'side']) {
      mkdirSync(inside(`repository/${name}`), { recursive: true });
      const enabled = name === 'base' ? 1 : 0;
      const text = `[${name}]\nname=${name}\nbaseurl=file:///repository/${name}\ngpgcheck=0\nenabled=${enabled}\n`;
      writeFileSync(inside(`etc/yum.repos.d/${name}.repo`), text);
    }
  });
  afterEach(() => root.remove());

  const inside = (name: string) => join(root.path, name);
  const env = { HOME: '/root' };
  const place = () => ({ before: ['chroot', root.path], env });
  const now = (args: object) => decideNow(dnf, args, place());
  const inRoot = (...words: string[]) =>
    execFileSync('chroot', [root.path, ...words], { env: { ...process.env, ...env }, stdio: 'ignore' });

  interface Offer {
    readonly name: string;
    readonly version: string;
    readonly fields?: readonly string[];
    readonly post?: string;
    readonly repository?: string;
  }

  /**
   * Puts packages into repositories, whose metadata dnf knows afterwards. dnf and rpmbuild start
   * slowly, so once for all packages.
   */
  function offer(...offers: readonly Offer[]): void {
    const specs = offers.map(specOf);
    inRoot('rpmbuild', '-bb', '--quiet', '--define', '_rpmdir /built', ...specs);
    for (const { name, repository = 'base', version } of offers)
      renameSync(
        inside(`built/noarch/${name}-${version}-1.noarch.rpm`),
        inside(`repository/${repository}/${name}-${version}.rpm`),
      );
    for (const each of ['base', 'side']) inRoot('createrepo_c', '-q', `/repository/${each}`);
    inRoot('dnf', '-q', '--enablerepo=*', 'makecache', '--refresh');
  }

  /** Writes the spec file of a package; returns its path in the root. */
  function specOf({ fields = [], name, post, version }: Offer): string {
    const spec = [
      `Name: ${name}`,
      `Version: ${version}`,
      'Release: 1',
      'Summary: A test',
      'License: MIT',
      'BuildArch: noarch',
      ...fields,
      '%description',
      'A test.',
      '%install',
      `mkdir -p %{buildroot}/opt; echo ${version} > %{buildroot}/opt/${name}`,
      '%files',
      `/opt/${name}`,
      ...(post === undefined ? [] : ['%post', post]),
    ];
    writeFileSync(inside(`${name}.spec`), `${spec.join('\n')}\n`);
    return `/${name}.spec`;
  }

  function versions(): Record<string, string> {
    const { stdout } = spawnSync('chroot', [root.path, 'rpm', '-qa', '--qf', '%{NAME} %{EVR}\n', 'hw-*'], {
      encoding: 'utf8',
    });
    return Object.fromEntries(
      stdout
        .split('\n')
        .filter(Boolean)
        .map(line => line.split(' ') as [string, string]),
    );
  }

  /** Check mode predicts and changes nothing; the run does that; then it is ok. */
  function lives(args: object, predicted: string, result: Record<string, string>): void {
    const before = versions();
    const decision = now(args);
    assert.equal(decision.kind, 'change', JSON.stringify(decision));
    const diff = decision.kind === 'change' ? decision.diff : [];
    assert.equal(diff.map(({ before: old, after }) => `${old}=> ${after}`).join(''), predicted);
    assert.deepEqual(versions(), before, 'check mode changed something');
    const { second } = converge(dnf, args, place());
    assert.deepEqual(versions(), result);
    assert.equal(second?.kind, 'ok', JSON.stringify(second));
  }

  function refusal(decision: Decision): string {
    assert.equal(decision.kind, 'refuse', JSON.stringify(decision));
    return decision.kind === 'refuse' ? `${decision.message} ${decision.advice}` : '';
  }

  it('installs with what is needed, fixes what was removed by hand, and removes what depends on it', () => {
    const lib = { name: 'hw-lib', version: '1.0' };
    offer(lib, { name: 'hw-app', version: '1.0', fields: ['Requires: hw-lib'] });
    const both = { 'hw-app': '1.0-1', 'hw-lib': '1.0-1' };
    lives({ name: 'hw-app' }, '=> hw-app 1.0-1\nhw-lib 1.0-1\n', both);
    inRoot('rpm', '-e', 'hw-app');
    lives({ name: ['hw-app', '/opt/hw-lib'] }, '=> hw-app 1.0-1\n', both);
    lives({ name: 'hw-lib', state: 'absent' }, 'hw-app 1.0-1\nhw-lib 1.0-1\n=> ', {});
    assert.match(refusal(now({ name: 'hw-none' })), /Unable to find a match: hw-none/);
    assert.equal(now({ name: 'hw-none', state: 'absent' }).kind, 'ok');
  });

  it('upgrades by name and all, and downgrades only if it may', () => {
    const named = (names: readonly string[], version: string) => names.map(name => ({ name, version }));
    offer(...named(['hw-app', 'hw-kernel'], '1.0'));
    converge(dnf, { name: ['hw-app', 'hw-kernel'] }, place());
    offer(...named(['hw-app', 'hw-kernel', 'hw-new'], '2.0'));
    assert.equal(now({ name: 'hw-app' }).kind, 'ok');
    lives({ name: ['hw-app', 'hw-new'], state: 'latest', update_only: true }, '=> hw-app 2.0-1\n', {
      'hw-app': '2.0-1',
      'hw-kernel': '1.0-1',
    });
    assert.match(refusal(now({ name: 'hw-app-1.0' })), /would become older: hw-app 1.0-1/);
    lives({ name: 'hw-app-1.0', allow_downgrade: true }, '=> hw-app 1.0-1\n', {
      'hw-app': '1.0-1',
      'hw-kernel': '1.0-1',
    });
    const all = { name: '*', state: 'latest', exclude: ['hw-kern*'] };
    lives(all, '=> hw-app 2.0-1\n', { 'hw-app': '2.0-1', 'hw-kernel': '1.0-1' });
    assert.equal(now({ name: 'hw-new', state: 'latest', update_only: true }).kind, 'ok');
  });

  it('looks at the repositories that are named, and removes another only if it may', () => {
    const side = { name: 'hw-side', version: '1.0', repository: 'side', fields: ['Conflicts: hw-app'] };
    offer({ name: 'hw-app', version: '1.0' }, side);
    assert.match(refusal(now({ name: 'hw-app', disablerepo: ['base'] })), /hw-app|no enabled repositories/);
    converge(dnf, { name: 'hw-app' }, place());
    assert.match(refusal(now({ name: 'hw-side' })), /Unable to find a match: hw-side/);
    const given = { name: 'hw-side', enablerepo: ['side'] };
    assert.match(refusal(now(given)), /conflicts with hw-app.*say allowerasing: true/s);
    lives({ ...given, allowerasing: true }, 'hw-app 1.0-1\n=> hw-side 1.0-1\n', { 'hw-side': '1.0-1' });
  });

  it('fetches the metadata alone, if they are old', () => {
    offer({ name: 'hw-app', version: '1.0' });
    assert.equal(now({ update_cache: true }).kind, 'ok');
    execFileSync('touch', ['-d', '2 hours ago', inside('var/cache/dnf')]);
    const { first, second } = converge(dnf, { update_cache: true }, place());
    assert.deepEqual([first.kind, second?.kind], ['change', 'ok']);
  });

  it('says who has the lock', async () => {
    offer(
      { name: 'hw-sh', version: '1.0', fields: ['Provides: /bin/sh'] },
      { name: 'hw-slow', version: '1.0', post: 'touch /begun; while [ ! -e /go ]; do sleep 0.1; done' },
      { name: 'hw-app', version: '1.0' },
    );
    const other = spawn('chroot', [root.path, 'dnf', '-y', 'install', 'hw-slow'], { stdio: 'ignore' });
    const ended = new Promise(done => other.on('exit', done));
    while (!existsSync(inside('begun')) && other.exitCode === null) await new Promise(done => setTimeout(done, 50));
    try {
      const locked = /dnf is locked by process \d+: .*dnf -y install hw-slow/;
      assert.throws(() => converge(dnf, { name: 'hw-app', lock_timeout: 1 }, place()), locked);
    } finally {
      writeFileSync(inside('go'), '');
      await ended;
    }
    assert.deepEqual(Object.keys(versions()).toSorted(), ['hw-sh', 'hw-slow']);
  });
});
