import assert from 'node:assert/strict';
import { chmodSync, chownSync, existsSync, lchownSync, mkdirSync, symlinkSync } from 'node:fs';
import { workshop } from '../cli.ts';

const { path, run, runIn, write } = workshop();
const somebody = 65_534;

/** A project whose inventory is a program that leaves a trace when it runs. */
function project(): void {
  write({
    'project/hostwright.yml': 'inventory: [program]\n',
    'project/program': `#!/bin/sh\n: > '${path('trace')}'\necho '{}'\n`,
  });
  chmodSync(path('project/program'), 0o755);
}

function assertRefused(why: RegExp): void {
  const { exitCode, stdout, stderr } = runIn({ folder: 'project' }, 'inventory', '--graph');
  assert.equal(exitCode, 5, stdout);
  assert.match(stderr, why);
  assert.match(stderr, /HOSTWRIGHT_CONFIG=/);
  assert.equal(existsSync(path('trace')), false);
}

describe('settings that someone else may have written', function () {
  this.timeout(60_000);

  beforeEach(project);

  it('are used where only this user may write them', () => {
    assert.equal(runIn({ folder: 'project' }, 'inventory', '--graph').exitCode, 0);
    assert.equal(existsSync(path('trace')), true);
  });

  it('are refused where every user may write the file, or its folder', () => {
    chmodSync(path('project/hostwright.yml'), 0o666);
    assertRefused(/hostwright\.yml are not used: every user may write it\./);
    chmodSync(path('project/hostwright.yml'), 0o644);
    chmodSync(path('project'), 0o777);
    assertRefused(/every user may write its folder/);
    // As in /tmp, others cannot put a file of their own in the place of ours.
    chmodSync(path('project'), 0o1777);
    assert.equal(runIn({ folder: 'project' }, 'inventory', '--graph').exitCode, 0);
  });

  it('are refused where another user owns the file, its folder, or the link to it', function ofAnother() {
    if (process.getuid?.() !== 0) this.skip();
    chownSync(path('project/hostwright.yml'), somebody, somebody);
    assertRefused(/it belongs to user 65534/);
    chownSync(path('project/hostwright.yml'), 0, 0);
    chownSync(path('project'), somebody, somebody);
    assertRefused(/its folder belongs to user 65534/);
    mkdirSync(path('shared'), { mode: 0o1777 });
    chmodSync(path('shared'), 0o1777);
    symlinkSync(path('project/hostwright.yml'), path('shared/hostwright.yml'));
    lchownSync(path('shared/hostwright.yml'), somebody, somebody);
    const { exitCode, stderr } = runIn({ folder: 'shared' }, 'inventory', '--graph');
    assert.equal(exitCode, 5);
    assert.match(stderr, /are not used: it belongs to user 65534/);
  });

  it('are used where they belong to the user who called sudo', function bySudo() {
    if (process.getuid?.() !== 0) this.skip();
    chownSync(path('project/hostwright.yml'), somebody, somebody);
    const env = { SUDO_UID: String(somebody) };
    assert.equal(runIn({ folder: 'project', env }, 'inventory', '--graph').exitCode, 0);
  });

  it('are used, or left out, as HOSTWRIGHT_CONFIG says', () => {
    chmodSync(path('project/hostwright.yml'), 0o666);
    const without = { HOSTWRIGHT_CONFIG: '/dev/null' };
    assert.equal(runIn({ folder: 'project', env: without }, 'inventory', '--graph').exitCode, 0);
    assert.equal(existsSync(path('trace')), false);
    const named = { HOSTWRIGHT_CONFIG: 'hostwright.yml' };
    assert.equal(runIn({ folder: 'project', env: named }, 'inventory', '--graph').exitCode, 0);
    assert.equal(existsSync(path('trace')), true);
    const gone = runIn({ env: { HOSTWRIGHT_CONFIG: 'gone.yml' } }, 'inventory');
    assert.equal(gone.exitCode, 5);
    assert.match(gone.stderr, /The settings gone\.yml cannot be read/);
  });

  it('say nothing to a command that has no settings', () => {
    chmodSync(path('project/hostwright.yml'), 0o666);
    assert.equal(run('--version').exitCode, 0);
  });
});
