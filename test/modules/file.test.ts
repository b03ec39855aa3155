import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../src/modules/command/command.ts';
import { copy } from '../../src/modules/copy/copy.ts';
import { file } from '../../src/modules/file/file.ts';
import { lineinfile } from '../../src/modules/lineinfile/lineinfile.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import { stat } from '../../src/modules/stat/stat.ts';
import { sysctl } from '../../src/modules/sysctl/sysctl.ts';
import { check, converge, shells } from './converge.ts';
import { eachShell, timeline } from './timeline.ts';

const odd = '-rf $(id) "x" \'y\'\n.';

describe('file, on this machine', function () {
  this.timeout(120_000);
  // Whoever had marked the program to run with their own rights has not marked it to run with those
  // of another.
  for (const [mode, after] of [
    [undefined, 0o755],
    ['a+x', 0o755],
    ['4755', 0o4755],
    ['u+s', 0o4755],
  ] as const) {
    timeline(`gives a file to another user, and its set-id bits only if they are named: mode ${mode}`, {
      module: file,
      root: true,
      before: at => {
        writeFileSync(join(at, 'tool'), '');
        chmodSync(join(at, 'tool'), 0o4755);
      },
      args: at => ({ path: join(at, 'tool'), owner: 'daemon', ...(mode && { mode }) }),
      proof: at => {
        const found = statSync(join(at, 'tool'));
        assert.deepEqual([found.mode & 0o7777, found.uid], [after, 1]);
      },
    });
  }

  timeline('makes a directory with its parents, however many slashes and dots are between them', {
    module: file,
    args: at => ({ path: `${at}//a/.//b/./c/`, state: 'directory' }),
    proof: at => assert.deepEqual(readdirSync(join(at, 'a/b')), ['c']),
    disturb: at => rmdirSync(join(at, 'a/b/c')),
  });

  timeline('makes a directory with its parents', {
    module: file,
    root: true,
    args: at => ({ path: join(at, 'a', odd, 'c'), state: 'directory', mode: '2750', group: 'daemon' }),
    proof: at => {
      const found = statSync(join(at, 'a', odd, 'c'));
      assert.equal(found.mode & 0o7777, 0o2750);
      assert.equal(found.gid, 1);
    },
    disturb: at => chmodSync(join(at, 'a', odd, 'c'), 0o755),
  });

  timeline('octal digits are the whole mode of a directory', {
    module: file,
    args: at => ({ path: join(at, 'd'), state: 'directory', mode: '0755', recurse: true }),
    before: at => {
      mkdirSync(join(at, 'd/e'), { recursive: true });
      chmodSync(join(at, 'd'), 0o2775);
      chmodSync(join(at, 'd/e'), 0o3775);
    },
    proof: at => {
      assert.equal(statSync(join(at, 'd')).mode & 0o7777, 0o755);
      assert.equal(statSync(join(at, 'd/e')).mode & 0o7777, 0o755);
    },
    disturb: at => chmodSync(join(at, 'd/e'), 0o2755),
  });

  timeline('removes a directory with all it holds', {
    module: file,
    args: at => ({ path: join(at, odd), state: 'absent' }),
    before: at => mkdirSync(join(at, odd, 'x/y'), { recursive: true }),
    proof: at => assert.ok(!existsSync(join(at, odd))),
    disturb: at => writeFileSync(join(at, odd), 'back'),
  });

  timeline('removes a link and not what it points to', {
    module: file,
    args: at => ({ path: join(at, 'link'), state: 'absent' }),
    before: at => {
      mkdirSync(join(at, 'kept'));
      symlinkSync('kept', join(at, 'link'));
    },
    proof: at => {
      assert.ok(existsSync(join(at, 'kept')));
      assert.ok(!existsSync(join(at, 'link')));
    },
  });

  timeline('points a link elsewhere, even from a directory', {
    module: file,
    args: at => ({ path: join(at, 'latest'), state: 'link', src: 'two words' }),
    before: at => {
      mkdirSync(join(at, 'one'));
      mkdirSync(join(at, 'two words'));
      symlinkSync('one', join(at, 'latest'));
    },
    proof: at => {
      assert.equal(readlinkSync(join(at, 'latest')), 'two words');
      assert.ok(!existsSync(join(at, 'one/two words')));
    },
    disturb: at => {
      unlinkSync(join(at, 'latest'));
      symlinkSync('nowhere', join(at, 'latest'));
    },
  });

  timeline('makes a hard link', {
    module: file,
    args: at => ({ path: join(at, 'b'), state: 'hard', src: join(at, 'a'), force: true }),
    before: at => writeFileSync(join(at, 'a'), 'x'),
    proof: at => assert.equal(statSync(join(at, 'a')).ino, statSync(join(at, 'b')).ino),
    disturb: at => {
      unlinkSync(join(at, 'b'));
      writeFileSync(join(at, 'b'), 'other');
    },
  });

  timeline('owns attributes through a link', {
    module: file,
    root: true,
    args: at => ({ path: join(at, 'link'), mode: 'g+w,o-rwx', group: '1' }),
    before: at => {
      writeFileSync(join(at, 'real'), '', { mode: 0o644 });
      symlinkSync('real', join(at, 'link'));
    },
    proof: at => {
      assert.equal(statSync(join(at, 'real')).mode & 0o7777, 0o660);
      assert.equal(statSync(join(at, 'real')).gid, 1);
      assert.equal(lstatSync(join(at, 'link')).gid, 0);
    },
    disturb: at => chmodSync(join(at, 'real'), 0o646),
  });

  timeline('owns attributes of all below', {
    module: file,
    root: true,
    args: at => ({ path: join(at, 'top'), state: 'directory', recurse: true, mode: 'u=rwX,g=rX,o=', group: 'daemon' }),
    before: at => {
      mkdirSync(join(at, 'top/-sub dir'), { recursive: true });
      writeFileSync(join(at, 'top/-sub dir/plain'), '', { mode: 0o666 });
      writeFileSync(join(at, 'top/tool'), '');
      chmodSync(join(at, 'top/tool'), 0o755);
      symlinkSync('/etc/passwd', join(at, 'top/link'));
    },
    proof: at => {
      const mode = (name: string) => (lstatSync(join(at, 'top', name)).mode & 0o7777).toString(8);
      assert.deepEqual(['.', '-sub dir', '-sub dir/plain', 'tool'].map(mode), ['750', '750', '640', '750']);
      assert.equal(lstatSync(join(at, 'top/link')).gid, 1);
      assert.equal(statSync('/etc/passwd').mode & 0o7777, 0o644);
    },
    disturb: at => chmodSync(join(at, 'top/-sub dir/plain'), 0o600),
  });

  timeline('touches what is absent, and keeps the times of what is there', {
    module: file,
    args: at => ({ path: join(at, 'flag'), state: 'touch', modification_time: 'preserve', access_time: 'preserve' }),
    proof: at => assert.equal(readFileSync(join(at, 'flag'), 'utf8'), ''),
    disturb: at => unlinkSync(join(at, 'flag')),
  });

  eachShell('a touch sets the times each time', (host, at) => {
    const path = join(at, 'flag');
    writeFileSync(path, 'x');
    utimesSync(path, 1, 1);
    assert.equal(converge(host, file, { path, state: 'touch', access_time: 'preserve' }).kind, 'change');
    assert.ok(statSync(path).mtimeMs > 10_000);
    assert.equal(converge(host, file, { path, state: 'touch' }).kind, 'change');
    const fresh = join(at, 'fresh');
    assert.equal(converge(host, file, { path: fresh, state: 'touch', mode: '0600' }).kind, 'change');
    assert.equal(statSync(fresh).mode & 0o777, 0o600);
  });

  eachShell('refuses mount points, the system and what is of another kind', (host, at) => {
    writeFileSync(join(at, 'plain'), '');
    symlinkSync('nowhere', join(at, 'dangling'));
    symlinkSync('plain', join(at, 'link'));
    const rows: [object, RegExp][] = [
      [{ path: join(at, 'dangling'), mode: '0600' }, /dangling does not exist/],
      [{ path: join(at, 'dangling'), state: 'directory' }, /is a link, not a directory/],
      [{ path: join(at, 'link'), state: 'directory' }, /is a file, not a directory/],
      [{ path: '/proc/', state: 'absent' }, /directory of the system/],
      [{ path: '/', state: 'absent' }, /directory of the system/],
      [{ path: '/dev/shm', state: 'absent' }, /mount point/],
      [{ path: join(at, 'plain'), state: 'directory' }, /is a file, not a directory/],
      [{ path: at, state: 'file' }, /is a directory, not a file/],
      [{ path: join(at, 'none') }, /does not exist/],
      [{ path: join(at, 'none/x'), state: 'touch' }, /directory .*none does not exist/],
      [{ path: join(at, 'plain'), owner: 'no-such-user' }, /no user no-such-user/],
      [{ path: join(at, 'plain'), group: 'no-such-group' }, /no group no-such-group/],
      [{ path: join(at, 'l'), state: 'link', src: 'nothing' }, /src nothing does not exist/],
    ];
    for (const [args, message] of rows) {
      const decision = check(host, file, args);
      assert.equal(decision.kind, 'refuse', JSON.stringify(decision));
      if (decision.kind === 'refuse') assert.match(decision.message, message);
    }
  });

  // An unprivileged user may not look into a folder of root, and must not take what is hidden for
  // absent.
  for (const [program, ...options] of shells) {
    it(`cannot tell what it may not see (${[program, ...options].join(' ')})`, function () {
      const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
      if (process.getuid?.() !== 0 || spawnSync(nobody[0]!, [...nobody.slice(1), 'true']).status !== 0) this.skip();
      const at = mkdtempSync(join(tmpdir(), 'hostwright-'));
      const host = { shell: [...nobody, program!, ...options] };
      chmodSync(at, 0o755);
      mkdirSync(join(at, 'closed'), { mode: 0o700 });
      symlinkSync('closed/x', join(at, 'inside'));
      symlinkSync('loop', join(at, 'loop'));
      writeFileSync(join(at, 'unreadable'), 'x', { mode: 0o600 });
      const rows: [AnyModule, object][] = [
        [file, { path: join(at, 'closed/x'), state: 'absent' }],
        [file, { path: join(at, 'inside'), mode: '0600' }],
        [file, { path: join(at, 'loop'), mode: '0600' }],
        [file, { path: join(at, 'closed'), state: 'directory', recurse: true, mode: '0700' }],
        [copy, { dest: join(at, 'closed/x'), content: 'x' }],
        [copy, { dest: join(at, 'unreadable'), content: 'y' }],
        [lineinfile, { path: join(at, 'unreadable'), line: 'x' }],
        [stat, { path: join(at, 'closed/x') }],
        [stat, { path: join(at, 'unreadable') }],
        [command, { cmd: 'true', creates: join(at, 'closed/x') }],
        [command, { cmd: 'true', creates: join(at, 'closed/*') }],
        [sysctl, { name: 'vm.stat_refresh', value: 1 }],
      ];
      for (const [module, args] of rows) {
        const decision = check(host, module, args);
        assert.match(
          JSON.stringify(decision),
          /"refuse","message":"cannot tell: /,
          `${module.name} ${JSON.stringify(args)}`,
        );
      }
      rmSync(at, { recursive: true });
    });
  }
});
