import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  globSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { workshop } from './cli.ts';
import { makeRepository, type Repository } from './repository.ts';

const { run, start, path, write } = workshop();

const tasks = (text: string) => `- {name: Say it, debug: {msg: "${text} {{ to }}"}}\n`;
const schema = 'type: object\nproperties: {to: {type: string, default: all}}\n';

describe('hostwright roles', function () {
  this.timeout(45_000);
  let upstream: Repository;
  let first: string;

  beforeEach(() => {
    upstream = makeRepository(path('upstream'));
    first = upstream.commit({ 'roles/motd/tasks/main.yml': tasks('one'), 'roles/motd/schema.yml': schema });
    upstream.git('tag', '--annotate', '--message=x', 'v1');
    write({
      'roles.yml': '- {name: motd, git: ./upstream, ref: v1, path: roles/motd}\n',
      'site.yml': '- hosts: localhost\n  gather_facts: false\n  roles: [motd]\n',
    });
  });

  const lock = () => readFileSync(path('roles.lock.yml'), 'utf8');
  const checkouts = () => globSync('.cache/hostwright/roles/*/*', { cwd: path('.') }).toSorted();
  const checkout = () => path(checkouts()[0]!);

  function good(...args: readonly string[]): string {
    const { exitCode, stdout, stderr } = run(...args);
    assert.deepEqual([exitCode, stderr], [0, '']);
    return stdout;
  }

  function refused(message: RegExp, ...args: readonly string[]): void {
    const { exitCode, stdout, stderr } = run(...args);
    const [told, silent] = args[0] === 'lint' ? [stdout, stderr] : [stderr, stdout];
    assert.deepEqual([exitCode, silent], [5, ''], told);
    assert.match(told, message);
  }

  describe('install', () => {
    it('locks the commit of a tag, and the role runs from the cache', () => {
      assert.equal(good('roles', 'install'), `motd: v1 is ${first}, fetched\n`);
      assert.equal(
        lock(),
        `# Made by "hostwright roles install" from roles.yml. Keep both in version control; edit only that one.
- name: motd
  git: ./upstream
  ref: v1
  commit: ${first}
`,
      );
      assert.equal(checkouts().length, 1);
      assert.ok(checkout().endsWith(`/${first}`));
      assert.match(good('play', 'site.yml', '--check'), /motd: Say it — one all\n/);
      assert.match(good('role', 'localhost', 'motd', 'to=us', '--check'), /motd: Say it — one us\n/);
      assert.match(good('doc', 'motd'), /^# Role motd[\s\S]*\bto\b/);
      assert.match(good('doc'), /^ {2}motd /m);
      assert.match(good('explain', 'to', '--host', 'localhost', 'site.yml'), /schema of role motd/);
      assert.equal(good('lint', 'site.yml', 'roles.yml'), '2 files checked, no problems\n');
    });

    it('does as the lock says, without the repository, where the commits are in the cache', () => {
      good('roles', 'install');
      const before = lock();
      const written = statSync(path('roles.lock.yml')).mtimeMs;
      upstream.commit({ 'roles/motd/tasks/main.yml': tasks('two') });
      upstream.git('tag', '--force', 'v1');
      renameSync(path('upstream'), path('away'));
      assert.equal(good('roles', 'install'), `motd: ${first} as before, in the cache\n`);
      assert.equal(lock(), before);
      assert.equal(statSync(path('roles.lock.yml')).mtimeMs, written);
      assert.match(good('play', 'site.yml', '--check'), /one all/);
    });

    it('brings the commit of the lock on another machine, though the tag has moved', () => {
      good('roles', 'install');
      upstream.commit({ 'roles/motd/tasks/main.yml': tasks('two') });
      upstream.git('tag', '--force', 'v1');
      renameSync(path('.cache'), path('another'));
      refused(
        /^roles\.yml:1:10: role "motd" is not in the cache at commit [\s\S]*Run "hostwright roles install"/,
        'play',
        'site.yml',
      );
      assert.equal(good('roles', 'install'), `motd: ${first} as before, fetched\n`);
      assert.match(good('play', 'site.yml', '--check'), /one all/);
    });

    it('takes branches, full ids of commits and full names of refs, and sorts the lock by name', () => {
      const middle = upstream.commit({ 'roles/motd/tasks/main.yml': tasks('middle') });
      const second = upstream.commit({ 'roles/motd/tasks/main.yml': tasks('two') });
      write({
        // In this old protocol a server gives no commit that no ref is at, unless all is fetched.
        '.gitconfig': '[protocol]\n\tversion = 0\n',
        'roles.yml': `
- {name: z, src: ./upstream, scm: git, version: main, path: roles/motd}
- {name: b, git: ./upstream, ref: ${middle}, path: roles/motd}
- {name: a, git: ./upstream, ref: refs/tags/v1, path: roles/motd/}
`,
      });
      good('roles', 'install');
      assert.deepEqual(
        [...lock().matchAll(/name: (\S+)\n.*\n.*\n {2}commit: (\S+)/g)].map(([, ...found]) => found),
        [
          ['a', first],
          ['b', middle],
          ['z', second],
        ],
      );
      assert.equal(checkouts().length, 3);
    });

    it('is done once where two do it at once', async () => {
      const both = [start('roles', 'install'), start('roles', 'install')];
      assert.deepEqual(await Promise.all(both.map(async child => (await once(child, 'exit'))[0])), [0, 0]);
      assert.equal(checkouts().length, 1);
      assert.deepEqual(globSync('.cache/hostwright/roles/*/.*', { cwd: path('.') }), []);
      good('play', 'site.yml', '--check');
    });

    it('forgets a role that is no longer wanted', () => {
      good('roles', 'install');
      write({ 'roles.yml': '[]\n' });
      assert.equal(good('roles', 'install'), 'motd: no longer in roles.yml\n');
      assert.doesNotMatch(lock(), /motd/);
    });

    it('tells all that is wrong at once, and leaves the lock as it was', () => {
      good('roles', 'install');
      const before = lock();
      write({
        'roles.yml': `
- {name: motd, git: ./upstream, ref: main, path: roles/motd}
- {name: tag, git: ./upstream, ref: v11, path: roles/motd}
- {name: gone, git: ./nowhere, ref: v1}
- {name: short, git: ./upstream, ref: "${first.slice(0, 9)}"}
- {name: none, git: ./upstream, ref: ${'a'.repeat(40)}}
- {name: path, git: ./upstream, ref: v1, path: roles/mtod}
- {name: root, git: ./upstream, ref: v1}
`,
      });
      const { exitCode, stderr } = run('roles', 'install');
      assert.equal(exitCode, 5);
      for (const message of [
        /^roles\.yml:3:37: role "tag": there is no tag or branch "v11" in .*\n.*\n.*\n {2}Did you mean "v1"\?/m,
        /^roles\.yml:4:10: role "gone": git failed: .*nowhere.*\n.*\n.*\n {2}"git ls-remote" with this address/m,
        /^roles\.yml:5:39: role "short": there is no tag or branch [\s\S]* A commit is named by its full id/m,
        /^roles\.yml:6:10: role "none": there is no commit a{40} in /m,
        /^roles\.yml:7:48: there is no folder "roles\/mtod" in the repository at v1$/m,
        /^roles\.yml:8:3: the root of the repository is not a role: it has no tasks/m,
      ])
        assert.match(stderr, message);
      assert.equal(lock(), before);
    });

    it('refuses a folder that leads out of the repository', () => {
      symlinkSync('/etc', path('upstream/out'));
      upstream.commit({});
      write({ 'roles.yml': '- {name: motd, git: ./upstream, ref: main, path: out}\n' });
      refused(/^roles\.yml:1:50: "out" leads out of the repository: it is a symbolic link/, 'roles', 'install');
    });

    for (const [what, target] of [
      ['a file of the controller', '/etc/shadow'],
      ['what is above the repository', '../../../../secret'],
      ['what is not there yet', '/nonexistent/secret'],
    ] as const) {
      it(`refuses a link in a role that leads to ${what}`, () => {
        upstream.commit({ 'roles/motd/files/inner/kept': 'x' });
        symlinkSync('inner/kept', path('upstream/roles/motd/files/good'));
        upstream.commit({});
        write({ 'roles.yml': '- {name: motd, git: ./upstream, ref: main, path: roles/motd}\n' });
        assert.equal(run('roles', 'install').exitCode, 0, 'a link within the role is as good as its file');
        symlinkSync(target, path('upstream/roles/motd/files/leak'));
        upstream.commit({});
        refused(/^roles\.yml:1:\d+: "files\/leak" leads out of the repository/, 'roles', 'update');
      });
    }

    it('runs nothing of the repository or of the user, and brings no submodules', () => {
      for (const name of ['post-checkout', 'reference-transaction']) {
        write({ [`hooks/${name}`]: '#!/bin/sh\ntouch "$HOME/ran"\n' });
        chmodSync(path(`hooks/${name}`), 0o755);
      }
      write({
        '.gitconfig': `[core]\n\thooksPath = ${path('hooks')}\n[filter "x"]\n\tsmudge = touch ${path('ran')}\n`,
      });
      makeRepository(path('inner')).commit({ x: 'x' });
      upstream.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', path('inner'), 'inner');
      upstream.commit({ '.gitattributes': '* filter=x\n' });
      write({ 'roles.yml': '- {name: motd, git: ./upstream, ref: main, path: roles/motd}\n' });
      good('roles', 'install');
      assert.equal(existsSync(path('ran')), false);
      assert.deepEqual(globSync('inner/*', { cwd: checkout() }), []);
      good('play', 'site.yml', '--check');
    });

    it('says what to do without a roles.yml, and takes another', () => {
      renameSync(path('roles.yml'), path('pins.yml'));
      refused(/^There is no roles\.yml\.\n {2}Name one with --roles-file/, 'roles', 'install');
      good('roles', 'install', '--roles-file', 'pins.yml');
      assert.ok(existsSync(path('pins.lock.yml')));
      good('play', 'site.yml', '--check', '--roles-file', 'pins.yml');
      refused(/there is no role "motd"/, 'play', 'site.yml', '--check');
    });
  });

  describe('update', () => {
    it('resolves the refs of all or of some again, and says what changed', () => {
      write({
        'roles.yml': ['a', 'b']
          .map(name => `- {name: ${name}, git: ./upstream, ref: main, path: roles/motd}\n`)
          .join(''),
      });
      good('roles', 'install');
      const second = upstream.commit({ 'roles/motd/tasks/main.yml': tasks('two') });
      assert.equal(
        good('roles', 'update', 'b'),
        `a: ${first} as before, in the cache\nb: ${first} -> ${second}, fetched\n`,
      );
      assert.equal(
        good('roles', 'update'),
        `a: ${first} -> ${second}, in the cache\nb: ${second} as before, in the cache\n`,
      );
      refused(/^There is no role "c" in roles\.yml\.\n {2}Did you mean "[ab]"\?/, 'roles', 'update', 'c');
    });
  });

  describe('list', () => {
    it('shows the ref, the commit, and whether it is in the cache', () => {
      assert.equal(good('roles', 'list'), 'motd  v1  -  not locked\n');
      good('roles', 'install');
      assert.equal(good('roles', 'list'), `motd  v1  ${first}  in the cache\n`);
      appendFileSync(`${checkout()}/roles/motd/tasks/main.yml`, '# mine\n');
      assert.match(good('roles', 'list'), /wrong in the cache: it was changed: roles\/motd\/tasks\/main\.yml\n/);
      renameSync(path('.cache'), path('another'));
      assert.equal(good('roles', 'list'), `motd  v1  ${first}  not in the cache\n`);
    });
  });

  describe('a run', () => {
    const install = / {2}Run "hostwright roles install"\.\n/;

    it('is refused while a role is not locked, or locked for another repository or ref', () => {
      for (const args of [
        ['play', 'site.yml'],
        ['role', 'localhost', 'motd'],
        ['lint', 'site.yml'],
        ['doc', 'motd'],
      ]) {
        refused(
          /^roles\.yml:1:10: role "motd" is not in roles\.lock\.yml\n.*\n.*\n {2}Run "hostwright roles install"\.\n/,
          ...args,
        );
      }
      good('roles', 'install');
      upstream.git('tag', 'v2');
      write({ 'roles.yml': '- {name: motd, git: ./upstream, ref: v2, path: roles/motd}\n' });
      refused(/role "motd" is not in roles\.lock\.yml for this repository and ref\n/, 'play', 'site.yml', '--check');
      good('roles', 'install');
      good('play', 'site.yml', '--check');
      write({ 'roles.yml': '- {name: motd, git: ./elsewhere, ref: v2, path: roles/motd}\n' });
      refused(install, 'play', 'site.yml', '--check');
    });

    it('is refused by a checkout that was changed, is at another commit, or is none', () => {
      good('roles', 'install');
      const file = `${checkout()}/roles/motd/tasks/main.yml`;
      appendFileSync(file, '# mine\n');
      const changed =
        /^roles\.yml:1:10: role "motd" in the cache is not what it was: it was changed: roles\/motd\/tasks\/main\.yml\n/;
      refused(changed, 'play', 'site.yml', '--check');
      refused(/ {2}Remove \/.*\. Run "hostwright roles install"\.\n/, 'roles', 'install');
      write({ [file.slice(path('.').length)]: tasks('one') });
      good('play', 'site.yml', '--check');
      write({
        [`${checkouts()[0]}/.gitignore`]: '*\n',
        [`${checkouts()[0]}/roles/motd/vars/main.yml`]: 'to: nobody\n',
      });
      refused(/it was changed: \.gitignore, roles\/motd\/vars\/main\.yml\n/, 'play', 'site.yml', '--check');
      upstream.git('-C', checkout(), 'add', '--all', '--force');
      upstream.git('-C', checkout(), 'commit', '--quiet', '--message=x');
      refused(/it is at [0-9a-f]{40}, not at [0-9a-f]{40}\n/, 'play', 'site.yml', '--check');
      renameSync(`${checkout()}/.git`, `${checkout()}/git`);
      refused(/it is not a checkout any more \(git failed: /, 'play', 'site.yml', '--check');
    });

    it('prefers --roles-path, then roles/ next to the playbook, then the pinned role, then one that ships', () => {
      write({
        'roles.yml': '- {name: hugepages, git: ./upstream, ref: v1, path: roles/motd}\n',
        'site.yml': '- hosts: localhost\n  gather_facts: false\n  roles: [hugepages]\n',
      });
      good('roles', 'install');
      const said = (...more: readonly string[]) =>
        /Say it — (\w+)/.exec(good('play', 'site.yml', '--check', ...more))![1];
      assert.equal(said(), 'one');
      write({ 'roles/hugepages/tasks/main.yml': tasks('neighbour').replace(' {{ to }}', '') });
      assert.equal(said(), 'neighbour');
      write({ 'given/hugepages/tasks/main.yml': tasks('given').replace(' {{ to }}', '') });
      assert.equal(said('--roles-path', 'given'), 'given');
    });

    it('takes roles.yml from next to the playbook, and asks nothing of it without roles', () => {
      write({
        'deep/roles.yml': '- {name: motd, git: ../upstream, ref: v1, path: roles/motd}\n',
        'deep/site.yml': '- hosts: localhost\n  gather_facts: false\n  roles: [motd]\n',
        'plain.yml': '- hosts: localhost\n  gather_facts: false\n  tasks: [{debug: {msg: plain}}]\n',
      });
      refused(
        /^deep\/roles\.yml:1:10: [\s\S]* {2}Run "hostwright roles install --roles-file deep\/roles\.yml"\.\n/,
        'play',
        'deep/site.yml',
      );
      good('roles', 'install', '--roles-file', 'deep/roles.yml');
      assert.match(good('play', 'deep/site.yml', '--check'), /one all/);
      assert.match(good('play', 'plain.yml', '--check'), /plain/);
    });

    it('has a roles.yml and a lock that lint does not take for playbooks', () => {
      write({ 'deep/roles.yml': '- {name: motd, git: ../upstream, ref: v1, path: roles/motd}\n' });
      refused(/^deep\/roles\.yml:1:10: role "motd" is not in deep\/roles\.lock\.yml\n/, 'lint', 'deep');
      good('roles', 'install', '--roles-file', 'deep/roles.yml');
      assert.equal(good('lint', 'deep'), '1 file checked, no problems\n');
    });
  });
});
