import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Decision } from '../../src/decision.ts';
import { user } from '../../src/modules/user/user.ts';
import { check, converge, type Host, run } from './converge.ts';
import { type CopiedRoot, copiedRootObstacle, copyRoot } from './copied-root.ts';

describe('the home of a user that is removed', function () {
  this.timeout(60_000);
  let root: CopiedRoot;
  let host: Host;

  before(function () {
    const obstacle = copiedRootObstacle();
    if (obstacle === undefined) root = copyRoot();
    else if (process.env.CI) throw new Error(obstacle);
    else this.skip();
    host = { shell: ['/usr/sbin/chroot', root.path, 'sh'] };
  });

  after(() => root?.remove());

  const args = { name: 'bob9', state: 'absent', remove: true };

  function messageOf(decision: Decision): string {
    return decision.kind === 'refuse' ? decision.message : decision.kind;
  }

  it('is not removed while something is mounted in it or over it, by whatever path', () => {
    mkdirSync(join(root.path, 'srv/homes'), { recursive: true });
    symlinkSync('homes', join(root.path, 'srv/way'));
    execFileSync('chroot', [root.path, 'useradd', '-m', '-d', '/srv/way/bob9', 'bob9']);
    const share = join(root.path, 'srv/homes/bob9/share');
    mkdirSync(share);
    const early = check(host, user, args);
    assert.ok(early.kind === 'change' && early.guard);
    execFileSync('mount', ['-t', 'tmpfs', 'none', share]);
    try {
      writeFileSync(join(share, 'kept'), '');
      assert.match(messageOf(check(host, user, args)), /has the mount point \/srv\/homes\/bob9\/share in it/);
      assert.equal(run(host, early.guard).mounts?.code, 75);
    } finally {
      spawnSync('umount', ['-l', share]);
    }
    const home = join(root.path, 'srv/homes/bob9');
    execFileSync('mount', ['--bind', home, home]);
    assert.match(messageOf(check(host, user, args)), /is a mount point/);
    spawnSync('umount', ['-l', home]);
    assert.equal(converge(host, user, args).kind, 'change');
    assert.ok(!existsSync(home) && !readFileSync(join(root.path, 'etc/passwd'), 'utf8').includes('bob9'));
  });
});
