import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definitions } from '../../src/shell/functions/definitions.ts';
import { seenFormat } from '../../src/shell/functions/formats.ts';
import { runShell, shells } from './shells.ts';

const attacker = 65534;

/**
 * Lets a name be a directory and a link to one of root's in turn, as fast as renames go, until it
 * is killed.
 */
const flipper = `
const { renameSync } = require('node:fs');
process.setgid(${attacker}); process.setuid(${attacker});
console.log('ready');
for (;;) { renameSync('conf', 'x'); renameSync('link', 'conf'); renameSync('conf', 'link'); renameSync('x', 'conf'); }`;

for (const { name, argv } of shells) {
  describe(`the functions of scripts, in ${name}`, function () {
    this.timeout(60_000);
    let at: string;
    const run = (text: string) => {
      const { stdout, stderr } = runShell(argv, `${definitions([text])}${text}\n`);
      return { stdout: stdout.toString(), stderr: stderr.toString() };
    };
    beforeEach(function () {
      if (process.getuid?.() !== 0) this.skip();
      at = mkdtempSync(join(tmpdir(), 'hostwright-functions-'));
      chmodSync(at, 0o755);
      for (const folder of ['home', 'home/conf', 'root']) mkdirSync(join(at, folder));
      for (const folder of ['home', 'home/conf']) chownSync(join(at, folder), attacker, attacker);
      symlinkSync(join(at, 'root'), join(at, 'home/link'));
    });
    afterEach(() => rmSync(at, { recursive: true, force: true }));

    it('hw_cd never ends in what another user leads to, however fast it comes and goes', async () => {
      const child: ChildProcess = spawn(process.execPath, ['-e', flipper], { cwd: join(at, 'home') });
      await once(child.stdout!, 'data');
      const text =
        `n=0; while [ $n -lt 400 ]; do n=$((n + 1)); ( hw_cd ${at}/home/conf && [ . -ef ${at}/root ` +
        `] && echo taken ) 2>/dev/null; done; echo done`;
      const { stdout } = run(text);
      child.kill('SIGKILL');
      assert.equal(stdout, 'done\n');
    });

    it('hw_cd follows a link that only root can make, wherever it leads, and one of a user to what is theirs', () => {
      symlinkSync('home/conf', join(at, 'ours'));
      symlinkSync('conf', join(at, 'home/own'));
      const { stdout } = run(`( hw_cd ${at}/ours/../conf/. && pwd -P ); ( hw_cd ${at}/home/own/ && pwd -P )`);
      assert.equal(stdout, `${at}/home/conf\n${at}/home/conf\n`);
      const refused = run(`( hw_cd ${at}/home/link && pwd -P ); echo $?`);
      assert.equal(refused.stdout, '5\n');
      assert.match(refused.stderr, /link is a link that another user may have made/);
    });

    it('hw_absent tells what is not there from what cannot be looked at, and starts no process', () => {
      mkdirSync(join(at, 'home/closed'), { mode: 0o700 });
      writeFileSync(join(at, 'file'), '');
      const names = ['nowhere', 'file/x', 'two\nlines', 'x'.repeat(300), 'file', 'home/closed/x'];
      const asked = names.map(name => `hw_absent '${join(at, name)}' >/dev/null 2>&1; printf '%s ' $?`).join('\n');
      const stranger = (shell: readonly string[], text: string) =>
        spawnSync(shell[0]!, shell.slice(1), {
          input: `${definitions([text])}${text}\n`,
          ...{ uid: attacker, gid: attacker, cwd: '/', env: { PATH: process.env.PATH } },
        }).stdout.toString();
      assert.equal(stranger(argv, asked), '0 0 0 2 2 2 ');
      const alone = `hw_absent '${join(at, 'nowhere')}'; echo $?`;
      assert.equal(stranger(['prlimit', '--nproc=0:0', ...argv], alone), '0\n');
    });

    it('hw_follow trusts no link of a user that leads to what is not theirs', () => {
      writeFileSync(join(at, 'root/secret'), '');
      symlinkSync(join(at, 'root/secret'), join(at, 'home/file'));
      assert.equal(run(`( p=${at}/home/file; hw_follow; echo "$p" ); echo $?`).stdout, '5\n');
      symlinkSync('conf', join(at, 'home/mine'));
      assert.equal(run(`( p=${at}/home/mine; hw_follow; echo "$p" )`).stdout, `${at}/home/conf\n`);
    });

    it('hw_open opens nothing that waits in a directory which took the place of its own', () => {
      // Between mkdir and cd, the user puts a directory there in which every name that he can guess
      // is a device.
      mkdirSync(join(at, 'home/trap'));
      chownSync(join(at, 'home/trap'), attacker, attacker);
      symlinkSync('/dev/null', join(at, 'home/trap/new'));
      mkdirSync(join(at, 'bin'));
      const swap = `for d in ${at}/home/.hostwright.*; do mv "$d" ${at}/away; mv ${at}/home/trap "$d"; done`;
      writeFileSync(join(at, 'bin/mkdir'), `#!/bin/sh\n/bin/mkdir "$@" && ${swap}\n`, { mode: 0o755 });
      const { stdout, stderr } = run(
        `PATH=${at}/bin:$PATH; ( umask 077; hw_open ${at}/home conf2 '' && echo through >&3 && hw_place ); echo $?`,
      );
      assert.equal(stdout, '1\n');
      assert.match(stderr, /the directory that was made for us alone is d/);
      assert.ok(!readdirSync(join(at, 'home')).includes('conf2'));
    });

    it('hw_keep gives what is replaced a second name, or a copy, which only root can reach', () => {
      const [, first, second] = [1, 2, 3].map(at => `hw-test-${process.pid}-${at}`);
      const folder = (id: string | undefined) => `/var/lib/hostwright/replaced/${id}`;
      mkdirSync('/var/lib/hostwright', { recursive: true, mode: 0o700 });
      const near = mkdtempSync('/var/lib/hostwright/near-');
      try {
        for (const [place, id] of [
          [at, first],
          [near, second],
        ] as const) {
          writeFileSync(join(place, 'a b'), 'old', { mode: 0o640 });
          const keep = `cd ${place} && hw_run=${id} && hw_t='./a b' && hw_keep 0a1b-a_b`;
          const { stdout, stderr } = run(`( umask 0; set -C; ${keep} && ${keep}; echo $? )`);
          assert.equal(`${stdout}${stderr}`, '0\n');
          const kept = join(folder(id), '0a1b-a_b');
          assert.equal(readFileSync(kept, 'utf8'), 'old');
          assert.equal(lstatSync(kept).mode & 0o7777, 0o640);
          assert.equal(lstatSync(folder(id)).mode & 0o7777, 0o700);
          assert.deepEqual(readdirSync(folder(id)), ['0a1b-a_b']);
        }
        assert.equal(lstatSync(join(near, 'a b')).nlink, 2);
      } finally {
        for (const path of [near, folder(first), folder(second)]) rmSync(path, { recursive: true, force: true });
      }
    });

    it('hw_keep keeps nothing without a run, and a change goes on where it cannot keep', () => {
      writeFileSync(join(at, 'home/f'), 'old');
      const asked = `cd ${at}/home && hw_t=./f && hw_keep 0a1b-f; echo $?; hw_run=r1; hw_keep 0a1b-f; echo $?`;
      const { stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), {
        input: `${definitions([asked])}${asked}\n`,
        ...{ uid: attacker, gid: attacker, cwd: '/', env: { PATH: process.env.PATH, HOME: '/proc' } },
      });
      assert.equal(`${stdout}${stderr}`, '0\n0\n');
    });

    it('hw_keep reads nothing of a fifo that another user has put in place of a file', () => {
      const id = `hw-test-${process.pid}-fifo`;
      const asked = `cd ${at}/home && mkfifo f && hw_run=${id} && hw_t=./f && hw_keep 0a1b-f; echo $?`;
      const { stdout, stderr, signal } = spawnSync(argv[0]!, argv.slice(1), {
        input: `${definitions([asked])}${asked}\n`,
        ...{ cwd: '/', env: { PATH: process.env.PATH } },
        timeout: 10_000,
      });
      rmSync(`/var/lib/hostwright/replaced/${id}`, { recursive: true, force: true });
      assert.equal(signal, null, 'it waits for someone who writes to the fifo');
      assert.equal(`${stdout}${stderr}`, '0\n');
    });

    it('hw_backup reads nothing of it either, where the file system has no second names', () => {
      mkdirSync(join(at, 'bin'));
      writeFileSync(join(at, 'bin/ln'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
      const asked = `cd ${at}/home && mkfifo f && hw_t=./f hw_k=./k && PATH=${at}/bin:$PATH && hw_backup; echo $?`;
      const { stdout, stderr, signal } = spawnSync(argv[0]!, argv.slice(1), {
        input: `${definitions([asked])}${asked}\n`,
        ...{ cwd: '/', env: { PATH: process.env.PATH } },
        timeout: 10_000,
      });
      assert.equal(signal, null, 'it waits for someone who writes to the fifo');
      assert.equal(`${stdout}${stderr}`, '0\n');
    });

    it('hw_keep of root goes to no home, which may be that of another user', () => {
      const state = join(at, 'home/.local/state/hostwright');
      mkdirSync(state, { recursive: true });
      for (let count = 10; count < 40; count += 1) mkdirSync(join(at, `root/r${count}`));
      symlinkSync(join(at, 'root'), join(state, 'replaced'));
      writeFileSync(join(at, 'home/f'), 'old');
      const asked = `cd ${at}/home && hw_run=r50 && hw_t=./f && hw_keep 0a1b-f; echo $?`;
      const readOnly = 'mount --bind /var/lib /var/lib && mount -o remount,bind,ro /var/lib && exec "$@"';
      const { stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', readOnly, 'sh', ...argv], {
        input: `${definitions([asked])}${asked}\n`,
        ...{ cwd: '/', env: { PATH: process.env.PATH, HOME: join(at, 'home') } },
      });
      assert.equal(`${stdout}${stderr}`, '0\n');
      assert.equal(readdirSync(join(at, 'root')).length, 30);
    });

    it('hw_keep leaves the run that is put back where it makes room', () => {
      const home = join(at, 'home');
      writeFileSync(join(home, 'f'), 'old');
      const each = 'for n in 1 2 3; do for m in 1 2 3 4 5 6 7 8 9; do hw_run=r$n$m; hw_keep 0a1b-f; done; done';
      const asked = `cd ${home} && hw_t=./f && hw_back=r11 && ${each}`;
      const { stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), {
        input: `${definitions([asked])}${asked}\n`,
        ...{ uid: attacker, gid: attacker, cwd: '/', env: { PATH: process.env.PATH, HOME: home } },
      });
      assert.equal(`${stdout}${stderr}`, '');
      const kept = readdirSync(join(home, '.local/state/hostwright/replaced'));
      assert.deepEqual([kept.length, ...kept.slice(0, 2)], [21, 'r11', 'r18']);
    });

    it('hw_keep keeps what the twenty newest runs of a user replaced, in the home', () => {
      const home = join(at, 'home');
      writeFileSync(join(home, 'f'), 'old');
      const each = 'for n in 1 2 3 4 5 6 7 8 9; do for m in 1 2 3; do hw_run=r$n$m; hw_keep 0a1b-f; done; done';
      const asked = `cd ${home} && hw_t=./f && ${each}`;
      const { stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), {
        input: `${definitions([asked])}${asked}\n`,
        ...{ uid: attacker, gid: attacker, cwd: '/', env: { PATH: process.env.PATH, HOME: home } },
      });
      assert.equal(`${stdout}${stderr}`, '');
      const kept = readdirSync(join(home, '.local/state/hostwright/replaced'));
      assert.deepEqual([kept.length, kept[0], kept.at(-1)], [20, 'r32', 'r93']);
    });

    it('hw_place says that a mount point cannot be replaced, and what to do', function () {
      const goal = join(at, 'root/a b');
      writeFileSync(goal, 'old');
      if (spawnSync('mount', ['--bind', goal, goal]).status !== 0) this.skip();
      const was = spawnSync('stat', ['-c', seenFormat, goal]).stdout.toString().trim().split(' ').slice(1, 3).join(' ');
      const { stdout, stderr } = run(
        `( umask 077; hw_open ${at}/root 'a b' '${was}' && echo new >&3 && hw_place ); echo $?`,
      );
      spawnSync('umount', [goal]);
      assert.equal(stdout, '1\n', stderr);
      assert.match(stderr, /^\/.*\/root\/a b is a mount point: no other file can take its place\. Unmount it/);
      assert.deepEqual(readdirSync(join(at, 'root')), ['a b']);
    });

    it('hw_place and hw_set say that a file is immutable, and what to do', function () {
      const goal = join(at, 'root/f');
      writeFileSync(goal, 'old');
      if (spawnSync('chattr', ['+i', goal]).status !== 0) this.skip();
      const was = spawnSync('stat', ['-c', seenFormat, goal]).stdout.toString().trim().split(' ').slice(1, 3).join(' ');
      const placed = run(`( umask 077; hw_open ${at}/root f '${was}' && echo new >&3 && hw_place ); echo $?`);
      const set = run(`( hw_set ${at}/root f '${was}' 0:0 0600 ); echo $?`);
      spawnSync('chattr', ['-i', goal]);
      for (const { stdout, stderr } of [placed, set]) {
        assert.equal(stdout, '1\n', stderr);
        assert.match(stderr, /^\/.*\/root\/f is immutable .*: chattr -i -a makes it writable/);
      }
    });

    it('hw_stale leaves what another user has put there, and what they may write', () => {
      const keys = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
      const [theirs, ours] = keys.map(key => join(at, `home/.hostwright.${key}`));
      const old = new Date(Date.now() - 100 * 3_600_000);
      for (const [index, folder] of [theirs!, ours!].entries()) {
        mkdirSync(folder, { mode: 0o700 });
        writeFileSync(join(folder, keys[index]!), '');
        utimesSync(join(folder, keys[index]!), old, old);
        utimesSync(folder, old, old);
      }
      chownSync(theirs!, attacker, attacker);
      symlinkSync(join(at, 'root'), join(at, 'home/.hostwright.00000000-0000-4000-8000-000000000003'));
      run(`cd ${at}/home; hw_stale`);
      assert.deepEqual(
        readdirSync(join(at, 'home')).filter(name => name.startsWith('.')),
        ['.hostwright.00000000-0000-4000-8000-000000000001', '.hostwright.00000000-0000-4000-8000-000000000003'],
      );
      assert.deepEqual(readdirSync(theirs!), [keys[0]]);
    });

    it('hw_stale takes away what a write that was cut short has left a day ago', () => {
      const name = (last: number) => `.hostwright.00000000-0000-4000-8000-00000000000${last}`;
      const old = new Date(Date.now() - 100 * 3_600_000);
      const put = (path: string, when = old) => {
        writeFileSync(join(at, 'home', path), '');
        utimesSync(join(at, 'home', path), when, when);
      };
      mkdirSync(join(at, 'home', name(1)), { mode: 0o700 });
      // What hw_open leaves in a directory of its own, what hw_link does, and what hw_open leaves
      // without one.
      for (const path of [`${name(1)}/${name(2)}`, `${name(1)}/new`, name(3), name(4)]) put(path);
      put(name(5), new Date());
      put('.hostwright.mine');
      utimesSync(join(at, 'home', name(1)), old, old);
      chownSync(join(at, 'home', name(4)), attacker, attacker);
      const { stderr } = run(`cd ${at}/home; hw_stale`);
      assert.deepEqual(
        readdirSync(join(at, 'home')).filter(path => path.startsWith('.')),
        [name(4), name(5), '.hostwright.mine'],
      );
      assert.equal(stderr, '');
    });

    it('hw_link puts a link of another user in its place, with its owner, and takes away what it could not', () => {
      symlinkSync('old', join(at, 'home/here'));
      const { stdout, stderr } = run(`( hw_link ${at}/home here 'a b' ${attacker}:0 ); echo $?`);
      assert.equal(stdout, '0\n', stderr);
      const { uid } = lstatSync(join(at, 'home/here'));
      assert.deepEqual([uid, readlinkSync(join(at, 'home/here'))], [attacker, 'a b']);
      assert.equal(run(`( hw_link ${at}/home conf x no-such-user ); echo $?`).stdout, '1\n');
      assert.deepEqual(readdirSync(join(at, 'home')).toSorted(), ['conf', 'here', 'link']);
    });

    it('hw_kernel writes a setting, and says why the kernel refuses one', () => {
      const { stdout, stderr } = run(
        '( hw_kernel /proc/self/oom_score_adj x ); echo $?; hw_kernel /proc/none/x 1; echo $?; ' +
          'hw_kernel /proc/$$/oom_score_adj 7; cat /proc/$$/oom_score_adj',
      );
      assert.equal(stdout, '1\n1\n7\n');
      const [invalid, missing] = stderr.trim().split('\n');
      assert.equal(invalid, 'the kernel refuses x for /proc/self/oom_score_adj: Invalid argument');
      assert.match(missing ?? '', /^the kernel refuses 1 for \/proc\/none\/x: .*(No such file|nonexistent)/);
    });

    it('hw_foreign takes what it cannot look at for foreign', () => {
      assert.equal(
        run(`cd ${at}; echo . | hw_foreign; echo $?; echo none | hw_foreign; echo $?; echo home | hw_foreign; echo $?`)
          .stdout,
        '1\n0\n0\n',
      );
      renameSync(join(at, 'home'), join(at, 'gone'));
    });
  });
}
