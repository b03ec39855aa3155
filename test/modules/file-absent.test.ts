import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { file } from '../../src/modules/file/file.ts';
import { check, converge, type Host, run } from './converge.ts';
import { eachShell } from './timeline.ts';

const mounts = spawnSync('unshare', ['-m', 'true']).status === 0;

/** Mounts for the time of `body`. */
function mounted(options: readonly string[], point: string, body: () => void): void {
  assert.equal(spawnSync('mount', [...options, point]).status, 0);
  try {
    body();
  } finally {
    spawnSync('umount', ['-l', point]);
  }
}

const tmpfs = ['-t', 'tmpfs', 'none'];

function refuses(host: Host, path: string, message: RegExp): void {
  const decision = check(host, file, { path, state: 'absent' });
  assert.equal(decision.kind, 'refuse', JSON.stringify(decision));
  if (decision.kind === 'refuse') assert.match(decision.message, message);
}

describe('file, state absent, however a path is spelt', function () {
  this.timeout(120_000);

  if (mounts) {
    eachShell('finds a mount point through links, dots and slashes', (host, at) => {
      const images = join(at, 'data/the images');
      mkdirSync(join(images, 'sub'), { recursive: true });
      symlinkSync('data', join(at, 'link'));
      const spellings = ['link/the images', 'link//the images/', './link/./the images/.', 'data/the images/sub/..'];
      mounted(tmpfs, images, () => {
        writeFileSync(join(images, 'kept'), '');
        mkdirSync(join(images, 'sub'));
        for (const one of spellings) refuses(host, `${at}/${one}`, /is a mount point/);
        refuses(host, `${at}/link/../data`, /contains the mount point .*the images/);
      });
    });

    eachShell('finds a directory of the system through a bind mount', (host, at) => {
      mkdirSync(join(at, 'root'));
      mounted(['--bind', '/'], join(at, 'root'), () =>
        refuses(host, join(at, 'root/usr'), /is a directory of the system/),
      );
    });

    eachShell('leaves with 75 if something was mounted there since, or a parent became a link', (host, at) => {
      const images = join(at, 'data/images');
      mkdirSync(images, { recursive: true });
      symlinkSync('data', join(at, 'link'));
      const decision = check(host, file, { path: join(at, 'link/images'), state: 'absent' });
      assert.ok(decision.kind === 'change' && decision.guard);
      const codes = () => Object.values(run(host, decision.guard!)).map(({ code }) => code);
      assert.deepEqual(
        codes(),
        codes().map(() => 0),
      );
      mkdirSync(join(images, 'below'));
      mounted(tmpfs, join(images, 'below'), () => assert.ok(codes().includes(75)));
      mkdirSync(join(at, 'other'));
      renameSync(images, join(at, 'other/images'));
      unlinkSync(join(at, 'link'));
      symlinkSync('other', join(at, 'link'));
      assert.ok(codes().includes(75));
      const applied = Object.values(run(host, decision.apply));
      assert.ok(existsSync(join(at, 'other/images')), JSON.stringify(applied));
    });

    eachShell('stays on the file system that it began on', (host, at) => {
      mkdirSync(join(at, 'images/below'), { recursive: true });
      const decision = check(host, file, { path: join(at, 'images'), state: 'absent' });
      assert.ok(decision.kind === 'change');
      mounted(tmpfs, join(at, 'images/below'), () => {
        writeFileSync(join(at, 'images/below/kept'), '');
        run(host, decision.apply);
        if (host.shell[0] !== 'busybox') assert.ok(existsSync(join(at, 'images/below/kept')));
      });
    });
  }

  eachShell('finds a directory of the system through links, dots and slashes', (host, at) => {
    symlinkSync('/', join(at, 'root'));
    mkdirSync(join(at, 'sub'));
    for (const path of ['/./etc', '/mnt/../etc', '//usr/', '/usr/.', `${at}/root/usr`, `${at}/root/lib`, '/mnt/..']) {
      refuses(host, path, /is a directory of the system/);
    }
  });

  eachShell('removes the link and keeps what it leads to, with a slash behind it, too', (host, at) => {
    mkdirSync(join(at, 'kept'));
    writeFileSync(join(at, 'kept/file'), '');
    symlinkSync('kept', join(at, 'link'));
    const args = { path: `${at}/link//`, state: 'absent' };
    assert.equal(converge(host, file, args).kind, 'change');
    assert.equal(lstatSync(join(at, 'link'), { throwIfNoEntry: false }), undefined);
    assert.ok(existsSync(join(at, 'kept/file')));
  });

  eachShell('removes what lies below a link, and is ok where not even the directory is there', (host, at) => {
    mkdirSync(join(at, "kept/it's gone\n/x"), { recursive: true });
    symlinkSync('kept', join(at, 'link'));
    assert.equal(converge(host, file, { path: `${at}/link/./it's gone\n/`, state: 'absent' }).kind, 'change');
    assert.ok(!existsSync(join(at, "kept/it's gone\n")) && existsSync(join(at, 'kept')));
    assert.equal(check(host, file, { path: `${at}/link/none/x`, state: 'absent' }).kind, 'ok');
  });
});
