import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copy } from '../../src/modules/copy/copy.ts';
import { template } from '../../src/modules/template/template.ts';
import { checkArguments, contextOf } from './arguments.ts';
import { check, converge, run } from './converge.ts';
import { eachShell, timeline } from './timeline.ts';

const hostile = 'a "b" $(touch pwned) `id` \\ \'c\' %s\n-n\n\n';

describe('copy, on this machine', function () {
  this.timeout(40_000);
  timeline('writes a text', {
    module: copy,
    args: at => ({ content: hostile, dest: join(at, 'motd'), mode: '0640' }),
    proof: at => {
      assert.equal(readFileSync(join(at, 'motd'), 'utf8'), hostile);
      assert.equal(statSync(join(at, 'motd')).mode & 0o7777, 0o640);
      assert.deepEqual(readdirSync(at), ['motd']);
    },
    disturb: at => writeFileSync(join(at, 'motd'), 'other'),
  });

  timeline('fixes attributes alone', {
    module: copy,
    root: true,
    args: at => ({ content: 'x', dest: join(at, '-f $x'), mode: 'u=rw,go=', owner: '0', group: 'daemon' }),
    before: at => writeFileSync(join(at, '-f $x'), 'x', { mode: 0o666 }),
    proof: at => {
      const { mode, gid } = statSync(join(at, '-f $x'));
      assert.equal(mode & 0o7777, 0o600);
      assert.equal(gid, 1);
    },
    disturb: at => chmodSync(join(at, '-f $x'), 0o777),
  });

  timeline('completes a directory and keeps the mode of what was there', {
    module: copy,
    // Writing to a file takes its setuid bit away, but for root.
    root: true,
    files: { src: 'apple\n' },
    args: at => ({ src: 'fruits/ap ple.txt', dest: join(at, 'basket') }),
    before: at => {
      mkdirSync(join(at, 'basket'));
      writeFileSync(join(at, 'basket/ap ple.txt'), 'pear\n');
      chmodSync(join(at, 'basket/ap ple.txt'), 0o4751);
    },
    proof: at => {
      assert.equal(readFileSync(join(at, 'basket/ap ple.txt'), 'utf8'), 'apple\n');
      assert.equal(statSync(join(at, 'basket/ap ple.txt')).mode & 0o7777, 0o4751);
    },
    disturb: at => writeFileSync(join(at, 'basket/ap ple.txt'), ''),
  });

  timeline('follows a link where asked for, and keeps a backup', {
    module: copy,
    args: at => ({ content: 'new\n', dest: join(at, 'link'), follow: true, backup: true }),
    before: at => {
      writeFileSync(join(at, 'real\n'), 'old\n');
      symlinkSync('real\n', join(at, 'link'));
    },
    proof: at => {
      assert.equal(readFileSync(join(at, 'real\n'), 'utf8'), 'new\n');
      const backup = readdirSync(at).find(name => name.endsWith('~'));
      assert.equal(readFileSync(join(at, backup!), 'utf8'), 'old\n');
    },
  });

  timeline('copies a file of the host', {
    module: copy,
    args: at => ({ src: join(at, 'source'), dest: join(at, 'copy'), remote_src: true, mode: '0600' }),
    before: at => writeFileSync(join(at, 'source'), 'x'.repeat(100_000)),
    proof: at => assert.deepEqual(readFileSync(join(at, 'copy')), readFileSync(join(at, 'source'))),
    disturb: at => writeFileSync(join(at, 'copy'), 'y'.repeat(100_000)),
  });

  timeline('validates the candidate before it takes its place', {
    module: copy,
    args: at => ({ content: 'good\n', dest: join(at, 'conf'), validate: 'grep -q "good" %s' }),
    proof: at => assert.equal(readFileSync(join(at, 'conf'), 'utf8'), 'good\n'),
    disturb: at => writeFileSync(join(at, 'conf'), ''),
  });

  timeline('renders are written as templates are', {
    module: template,
    files: { src: 'rendered\n' },
    args: at => ({ src: 'a.conf.hbs', dest: `${at}/` }),
    proof: at => assert.equal(readFileSync(join(at, 'a.conf'), 'utf8'), 'rendered\n'),
    disturb: at => writeFileSync(join(at, 'a.conf'), ''),
  });

  timeline('replaces a link to a file, and leaves that file as it is', {
    module: copy,
    args: at => ({ content: 'x', dest: join(at, 'link') }),
    before: at => {
      writeFileSync(join(at, 'real'), 'real');
      symlinkSync('real', join(at, 'link'));
    },
    proof: at => {
      assert.ok(lstatSync(join(at, 'link')).isFile());
      assert.equal(readFileSync(join(at, 'link'), 'utf8'), 'x');
      assert.equal(readFileSync(join(at, 'real'), 'utf8'), 'real');
    },
  });

  for (const where of ['a directory of ours', 'a directory of another user']) {
    it(`a file that is replaced in ${where} keeps its access list and its attributes`, function () {
      if (process.getuid?.() !== 0) this.skip();
      const at = mkdtempSync(join(tmpdir(), 'hostwright-acl-'));
      const dest = join(at, 'conf');
      if (where.endsWith('user')) chownSync(at, 65534, 65534);
      writeFileSync(dest, 'one');
      execFileSync('setfacl', ['-m', 'user:daemon:rw-,group::r--,mask::rw-', dest]);
      execFileSync('setfattr', ['-n', 'user.origin', '-v', 'here', dest]);
      const seen = () => execFileSync('sh', ['-c', 'getfacl -cp "$1"; getfattr -dm - "$1"', 'sh', dest]).toString();
      const before = seen();
      assert.match(before, /user:daemon:rw-[\s\S]*user.origin="here"/);
      assert.equal(converge({ shell: ['sh'] }, copy, { content: 'two', dest }).kind, 'change');
      assert.equal(readFileSync(dest, 'utf8'), 'two');
      assert.equal(seen(), before);
      rmSync(at, { recursive: true });
    });
  }

  it('a new file has its own mode, whatever access list the directory gives', function () {
    if (process.getuid?.() !== 0) this.skip();
    const at = mkdtempSync(join(tmpdir(), 'hostwright-acl-'));
    execFileSync('setfacl', ['-dm', 'user:daemon:rwx', at]);
    assert.equal(
      converge({ shell: ['sh'] }, copy, { content: 'x', dest: join(at, 'conf'), mode: '0600' }).kind,
      'change',
    );
    assert.equal(statSync(join(at, 'conf')).mode & 0o777, 0o600);
    rmSync(at, { recursive: true });
  });

  eachShell('keeps what was there by a second name, or a copy where the file system has none', (host, at) => {
    mkdirSync(join(at, 'tools'));
    writeFileSync(join(at, 'tools/ln'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    for (const tools of [undefined, join(at, 'tools')]) {
      const folder = mkdtempSync(join(at, 'd'));
      const dest = join(folder, 'conf');
      writeFileSync(dest, 'one', { mode: 0o640 });
      converge({ ...host, ...(tools && { tools }) }, copy, { content: 'two', dest, backup: true });
      const [name, kept, ...more] = readdirSync(folder).sort();
      assert.deepEqual([name, more], ['conf', []]);
      assert.match(kept!, /^conf\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/);
      assert.equal(readFileSync(join(folder, kept!), 'utf8'), 'one');
      assert.equal(statSync(join(folder, kept!)).mode & 0o777, 0o640);
      assert.equal(readFileSync(dest, 'utf8'), 'two');
    }
  });

  eachShell('a full file system is told, and what was there stays', (host, at) => {
    if (process.getuid?.() !== 0) return;
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', at]);
    try {
      const dest = join(at, 'conf');
      writeFileSync(dest, 'one');
      const full = () => converge(host, copy, { content: 'x'.repeat(65_000), dest });
      writeFileSync(join(at, 'rest'), 'x'.repeat(40_000));
      assert.throws(full, /conf could not be written: \d+ KiB are free in its file system/);
      assert.equal(readFileSync(dest, 'utf8'), 'one');
      assert.deepEqual(readdirSync(at).sort(), ['conf', 'rest']);
    } finally {
      execFileSync('umount', [at]);
    }
  });

  eachShell('a link to a directory stays', (host, at) => {
    mkdirSync(join(at, 'real'));
    symlinkSync('real', join(at, 'link'));
    const decision = converge(host, copy, { content: 'x', dest: join(at, 'link') });
    assert.match(String(decision.kind === 'refuse' && decision.message), /is a symbolic link to a directory/);
    assert.deepEqual(readdirSync(at).sort(), ['link', 'real']);
  });

  eachShell('a candidate that is not valid changes nothing, in check mode too', (host, at) => {
    const args = { content: 'bad\n', dest: join(at, 'conf'), validate: 'grep good %s' };
    assert.throws(() => check(host, copy, args), /rehearse: validate left with 1/);
    assert.throws(() => converge(host, copy, args), /rehearse/);
    assert.deepEqual(readdirSync(at), []);
  });

  eachShell('force: false keeps what is there', (host, at) => {
    writeFileSync(join(at, 'conf'), 'mine');
    assert.equal(converge(host, copy, { content: 'yours', dest: join(at, 'conf'), force: false }).kind, 'ok');
    assert.equal(readFileSync(join(at, 'conf'), 'utf8'), 'mine');
  });

  eachShell('a change under its hands is not overwritten', (host, at) => {
    const dest = join(at, 'conf');
    writeFileSync(dest, 'one');
    const decision = check(host, copy, { content: 'two', dest });
    assert.equal(decision.kind, 'change');
    writeFileSync(dest, 'six');
    assert.ok(decision.kind === 'change');
    assert.equal(run(host, decision.apply)[decision.guarded!]!.code, 75);
    assert.equal(readFileSync(dest, 'utf8'), 'six');
    assert.deepEqual(readdirSync(at), ['conf']);
  });

  it('gives a host the time that it takes to hash a large file', () => {
    const { args } = checkArguments(copy, { src: '/srv/base.img', dest: '/srv/images/' });
    const limit = (size: number) => copy.look(args as never, contextOf({ src: { size } })).probe.limit;
    assert.equal(limit(2 ** 20), 30);
    assert.equal(limit(2 ** 30), 256);
    assert.equal(limit(100 * 2 ** 30), 25_600);
  });
});
