import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision } from '../../src/decision.ts';
import { git } from '../../src/modules/git/git.ts';
import { check, converge } from './converge.ts';
import { eachShell, timeline } from './timeline.ts';

/** Settings of the user who runs the tests are left out, and submodules may come from a path. */
const surroundings = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_ALLOW_PROTOCOL: 'file:ssh',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
};

describe('git, on this machine', function () {
  this.timeout(60_000);
  let before_: Record<string, string | undefined> = {};

  before(() => {
    before_ = Object.fromEntries(Object.keys(surroundings).map(name => [name, process.env[name]]));
    Object.assign(process.env, surroundings);
  });
  after(() => {
    for (const [name, value] of Object.entries(before_)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  function run(at: string, ...words: string[]): string {
    return execFileSync('git', ['-C', at, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  }

  /** A commit in the repository at `at`, which is made if need be. */
  function commit(at: string, text: string): string {
    if (!existsSync(at)) {
      mkdirSync(at);
      run(at, 'init', '-q', '-b', 'main');
    }
    writeFileSync(join(at, 'file'), `${text}\n`);
    run(at, 'add', '-A');
    run(at, 'commit', '-q', '-m', text);
    return run(at, 'rev-parse', 'HEAD');
  }

  function refusal(decision: Decision): string {
    assert.equal(decision.kind, 'refuse', JSON.stringify(decision));
    return decision.kind === 'refuse' ? decision.message : '';
  }

  const repo = (at: string) => join(at, 'a repo');
  const copy = (at: string) => join(at, 'the copy');
  const args = (at: string, more: object = {}) => ({ repo: repo(at), dest: copy(at), ...more });
  const head = (at: string) => run(copy(at), 'rev-parse', 'HEAD');
  const text = (at: string) => readFileSync(join(copy(at), 'file'), 'utf8');

  timeline('clones a tag, and goes back to it', {
    module: git,
    args: at => args(at, { version: 'v1' }),
    before: at => {
      commit(repo(at), 'one');
      run(repo(at), 'tag', '-a', '-m', 'x', 'v1');
      commit(repo(at), 'two');
    },
    proof: at => {
      assert.equal(text(at), 'one\n');
      assert.equal(head(at), run(repo(at), 'rev-parse', 'v1^{commit}'));
      assert.equal(run(copy(at), 'status', '--porcelain'), '');
    },
    disturb: at => run(copy(at), 'checkout', '-q', 'origin/main'),
  });

  timeline('makes a bare clone', {
    module: git,
    args: at => args(at, { bare: true }),
    before: at => commit(repo(at), 'one'),
    proof: at => {
      assert.equal(run(copy(at), 'rev-parse', 'HEAD'), run(repo(at), 'rev-parse', 'HEAD'));
      assert.equal(run(copy(at), 'rev-parse', '--is-bare-repository'), 'true');
    },
    disturb: at => commit(repo(at), 'two'),
  });

  timeline('takes a remote of another name, and sets its URL back', {
    module: git,
    args: at => args(at, { remote: 'site', version: 'main' }),
    before: at => commit(repo(at), 'one'),
    proof: at => assert.equal(run(copy(at), 'config', 'remote.site.url'), repo(at)),
    disturb: at => run(copy(at), 'remote', 'set-url', 'site', '/elsewhere'),
  });

  eachShell('fetches a commit that is in no branch, and no more than was asked for', (host, at) => {
    commit(repo(at), 'one');
    const version = commit(repo(at), 'two');
    run(repo(at), 'reset', '-q', '--hard', 'HEAD~1');
    run(repo(at), 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    const three = commit(repo(at), 'three');
    const given = args(at, { repo: `file://${repo(at)}`, version, depth: 1 });
    assert.equal(check(host, git, given).kind, 'change');
    converge(host, git, given);
    assert.deepEqual([text(at), run(copy(at), 'rev-list', '--count', 'HEAD')], ['two\n', '1']);
    assert.equal(check(host, git, given).kind, 'ok');
    assert.equal(converge(host, git, { ...given, version: three }).kind, 'change');
    assert.equal(head(at), three);
  });

  eachShell('follows a branch, says both commits, and follows it when it was rewritten', (host, at) => {
    const one = commit(repo(at), 'one');
    const first = converge(host, git, args(at));
    assert.deepEqual(first.kind === 'change' && first.result, { before: '', after: one, remote_url_changed: false });
    assert.equal(run(copy(at), 'symbolic-ref', '--short', 'HEAD'), 'main');
    writeFileSync(join(copy(at), 'untracked'), 'kept');
    const two = commit(repo(at), 'two');
    const stale = head(at);
    const planned = check(host, git, args(at));
    assert.deepEqual(planned.kind === 'change' && planned.result, {
      before: one,
      after: two,
      remote_url_changed: false,
    });
    assert.equal(head(at), stale);
    assert.equal(check(host, git, args(at, { update: false })).kind, 'ok');
    converge(host, git, args(at));
    assert.equal(head(at), two);
    run(repo(at), 'reset', '-q', '--hard', one);
    const three = commit(repo(at), 'three');
    converge(host, git, args(at, { version: 'main' }));
    assert.equal(head(at), three);
    run(repo(at), 'checkout', '-q', '-b', 'side/branch');
    commit(repo(at), 'four');
    converge(host, git, args(at, { version: 'side/branch' }));
    assert.equal(run(copy(at), 'symbolic-ref', '--short', 'HEAD'), 'side/branch');
    assert.equal(text(at), 'four\n');
    assert.equal(converge(host, git, args(at, { version: 'side/branch' })).kind, 'ok');
    assert.equal(readFileSync(join(copy(at), 'untracked'), 'utf8'), 'kept');
  });

  eachShell('refuses changes and commits that were made there, unless force is given', (host, at) => {
    const one = commit(repo(at), 'one');
    converge(host, git, args(at));
    appendFileSync(join(copy(at), 'file'), 'mine\n');
    assert.match(refusal(check(host, git, args(at))), /were changed there: {2}M file/);
    assert.equal(text(at), 'one\nmine\n');
    assert.equal(converge(host, git, args(at, { force: true })).kind, 'change');
    assert.deepEqual([text(at), check(host, git, args(at)).kind], ['one\n', 'ok']);
    const own = commit(copy(at), 'own');
    assert.match(refusal(check(host, git, args(at))), new RegExp(`commits that the remote does not have: ${own}`));
    run(copy(at), 'checkout', '-q', '--detach', one);
    commit(repo(at), 'two');
    assert.match(refusal(check(host, git, args(at))), /commits that the remote does not have/);
    converge(host, git, args(at, { force: true }));
    assert.equal(text(at), 'two\n');
  });

  eachShell('checks submodules out, and finds one that is another', (host, at) => {
    commit(join(at, 'part'), 'part');
    commit(repo(at), 'one');
    run(repo(at), 'submodule', 'add', '-q', join(at, 'part'), 'sub');
    commit(repo(at), 'two');
    converge(host, git, args(at));
    assert.equal(readFileSync(join(copy(at), 'sub/file'), 'utf8'), 'part\n');
    assert.equal(check(host, git, args(at)).kind, 'ok');
    run(copy(at), 'submodule', 'deinit', '-q', '-f', 'sub');
    const decision = check(host, git, args(at));
    assert.match(decision.kind === 'change' ? decision.reason : '', /has other submodules \(sub\)/);
    converge(host, git, args(at));
    assert.equal(readFileSync(join(copy(at), 'sub/file'), 'utf8'), 'part\n');
    rmSync(copy(at), { recursive: true });
    converge(host, git, args(at, { recursive: false }));
    assert.ok(!existsSync(join(copy(at), 'sub/file')));
  });

  eachShell('touches nothing that is something else, and knows what is not there', (host, at) => {
    commit(repo(at), 'one');
    mkdirSync(copy(at));
    assert.equal(check(host, git, args(at)).kind, 'change');
    writeFileSync(join(copy(at), 'x'), '');
    assert.match(refusal(check(host, git, args(at, { force: true }))), /is not empty, and not a repository of git/);
    assert.match(refusal(check(host, git, args(at, { dest: join(copy(at), 'x') }))), /is not a directory/);
    // Within another repository, an empty folder is not part of that.
    mkdirSync(join(repo(at), 'inner/.git'), { recursive: true });
    assert.match(
      refusal(check(host, git, args(at, { dest: join(repo(at), 'inner') }))),
      /cannot tell: git could not read/,
    );
    const other = { dest: join(at, 'none') };
    assert.match(refusal(check(host, git, args(at, { ...other, version: 'v9' }))), /has no branch or tag v9/);
    assert.match(
      refusal(check(host, git, args(at, { ...other, repo: join(at, 'nowhere') }))),
      /cannot tell: git could not ask/,
    );
    assert.equal(check(host, git, args(at, { ...other, clone: false })).kind, 'ok');
    assert.match(
      refusal(check({ ...host, without: ['git'] }, git, args(at, other))),
      /cannot tell: the host has no git/,
    );
  });

  eachShell('tells ssh which key, and learns no host key while it only looks', (host, at) => {
    commit(repo(at), 'one');
    const folder = mkdtempSync(join(tmpdir(), 'hostwright-ssh-'));
    // Not ssh, but what it would run on the other side; it keeps its arguments.
    const program =
      '#!/bin/sh\nprintf "<%s>" "$@" >> "$0.log"; echo >> "$0.log"\nfor last; do :; done\nexec sh -c "$last"\n';
    writeFileSync(join(folder, 'ssh'), program, { mode: 0o755 });
    const path = process.env.PATH;
    process.env.PATH = `${folder}:${path}`;
    try {
      const key_file = join(at, 'a key');
      const given = args(at, { repo: `ssh://git@server${repo(at)}`, key_file, accept_newhostkey: true });
      assert.equal(converge(host, git, given).kind, 'change');
      assert.equal(text(at), 'one\n');
      const [looked = '', cloned = ''] = readFileSync(join(folder, 'ssh.log'), 'utf8').split('\n');
      const common = `<-o><BatchMode=yes><-o><IdentitiesOnly=yes><-i><${key_file}><-o><StrictHostKeyChecking=accept-new>`;
      assert.match(looked.slice(common.length), /^<-o><UserKnownHostsFile=\/[^>]*\/tmp\.[^>]*>/);
      assert.ok(looked.startsWith(common) && cloned.startsWith(`${common}<`), `${looked}\n${cloned}`);
      assert.doesNotMatch(cloned, /UserKnownHostsFile/);
    } finally {
      process.env.PATH = path;
      rmSync(folder, { recursive: true });
    }
  });
});
