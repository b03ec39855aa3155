import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ReplacedFile } from '../../src/events/result.ts';
import { runIds } from '../../src/journal/folder.ts';
import { eventsFile, eventsIn } from '../journal/scratch.ts';
import { type CommandRun, workshop } from './cli.ts';

const { run, runIn, path, write } = workshop();

const local = ['-c', 'local', '--state', 'state'];
const lastId = () => runIds(path('state')).at(-1) ?? '';
const restore = (name: string, ...words: readonly string[]) => run('restore', name, '--state', 'state', ...words);

/** A command must end so, and print something like that. */
function ends({ exitCode, stdout, stderr }: CommandRun, wanted: number, text = /(?:)/): void {
  assert.equal(exitCode, wanted, stdout + stderr);
  assert.match(stdout + stderr, text);
}

/** Carries out a playbook of one play. @returns the id of the run */
function play(tasks: readonly object[], hosts = 'h1,'): string {
  write({ 'site.yml': JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]) });
  ends(run('play', 'site.yml', '-i', hosts, ...local), 0);
  return lastId();
}

const copy = (dest: string, content: string, more: object = {}) => ({
  name: `Write ${dest}`,
  copy: { content, dest: path(dest), ...more },
});
const line = (dest: string, more: object) => ({ name: `Edit ${dest}`, lineinfile: { path: path(dest) }, ...more });

/** A file with its mode and owner. */
function is(name: string, content: string, mode = 0o644, uid = 0): void {
  assert.equal(readFileSync(path(name), 'utf8'), content);
  const found = statSync(path(name));
  assert.deepEqual([found.mode & 0o7777, found.uid], [mode, uid]);
}

/** The files that a run tells to replace. */
function replacedBy(id: string): readonly ReplacedFile[] {
  const events = eventsIn(path('state'), id);
  const all = events.flatMap(event => (event.type === 'task.changing' ? (event.replaces ?? []) : []));
  return all.filter(one => one.kind === 'file');
}

/** Where the host keeps what a run replaced. */
const kept = (id: string) => `/var/lib/hostwright/replaced/${id}`;

describe('hostwright restore', function () {
  this.timeout(120_000);
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });

  it('puts files back as they were before the first task, with owner and mode, and is done then', () => {
    write({ motd: 'old\n', own: 'mine\n' });
    chmodSync(path('motd'), 0o640);
    chownSync(path('own'), 65534, 65534);
    const id = play([
      copy('motd', 'new\n', { mode: '0600' }),
      line('motd', { lineinfile: { path: path('motd'), line: '{{ item }}' }, loop: ['one', 'two'] }),
      copy('own', 'ours\n', { owner: 'root', group: 'root' }),
      copy('made', 'made\n'),
    ]);
    is('motd', 'new\none\ntwo\n', 0o600);
    ends(restore(id, '--check', '--diff'), 0, /would change 1: .*motd.*-two\n.*\+old/s);
    is('motd', 'new\none\ntwo\n', 0o600);
    ends(restore(id), 0, /changed=2/);
    is('motd', 'old\n', 0o640);
    is('own', 'mine\n', 0o644, 65534);
    is('made', 'made\n');
    ends(restore(id), 0, /ok=2 +changed=0/);
    appendFileSync(path('motd'), 'by hand\n');
    ends(restore(id), 2, /motd is not what the run \w+ left: it was changed again/);
    is('motd', 'old\nby hand\n', 0o640);
    ends(restore(id, '--changed-since'), 0, /changed=1/);
    is('motd', 'old\n', 0o640);
  });

  it('takes back what it put back, also where the inventory came from the run', () => {
    write({ motd: 'old\n' });
    play([copy('motd', 'new\n')]);
    for (const content of ['old\n', 'new\n', 'old\n']) {
      ends(restore('last'), 0, /changed=1/);
      is('motd', content);
    }
    ends(restore('last', '--check'), 0);
    ends(restore('last'), 0, /changed=1/);
    is('motd', 'new\n');
  });

  it('takes one task or some hosts, by the numbers of history', () => {
    for (const host of ['h1', 'h2']) write({ [`${host}.a`]: 'a\n', [`${host}.b`]: 'b\n' });
    const id = play([copy('{{ inventory_hostname }}.a', 'A\n'), copy('{{ inventory_hostname }}.b', 'B\n')], 'h1,h2,');
    const { stdout } = run('history', id, '--state', 'state');
    const numbers = new Map(
      [...stdout.matchAll(/^(\d) {2}(h\d) {2}\S+\.(\w) \(/gm)].map(([, at, host, file]) => [`${host}.${file}`, at!]),
    );
    assert.deepEqual([...numbers.keys()].toSorted(), ['h1.a', 'h1.b', 'h2.a', 'h2.b']);
    assert.match(stdout, new RegExp(`Replaced \\(put back by "hostwright restore ${id} --state state"\\):`));
    ends(restore(id, '--task', numbers.get('h2.b')!), 0, /h2 : ok=1/);
    is('h2.b', 'b\n');
    is('h1.b', 'B\n');
    ends(restore(id, '-l', 'h1'), 0);
    is('h1.a', 'a\n');
    is('h1.b', 'b\n');
    is('h2.a', 'A\n');
    ends(restore(id, '--task', '5'), 5, /has no replacement 5: the last is 4/);
    ends(restore(id, '--task', '0'), 5, /whole number/);
  });

  it('puts back what a run that was killed had announced, whether it was done or not', () => {
    write({ motd: 'old\n', other: 'old\n' });
    const id = play([copy('motd', 'new\n'), copy('other', 'new\n')]);
    const events = eventsFile(path('state'), id);
    const lines = readFileSync(events, 'utf8').split(/(?<=\n)/);
    const second = lines.findLastIndex(text => text.includes('"task.changing"'));
    writeFileSync(events, lines.slice(0, second + 1).join(''));
    rmSync(path(`state/runs/${id}/events.sha256`));
    write({ other: 'old\n' });
    ends(restore(id), 0, /ok=2 +changed=1/);
    is('motd', 'old\n');
    is('other', 'old\n');
  });

  it('says so where the host does not have what it kept, or has something else', () => {
    write({ motd: 'old\n' });
    const id = play([copy('motd', 'new\n')]);
    const [file] = replacedBy(id);
    writeFileSync(join(kept(id), String(file?.kept)), 'bad\n');
    ends(restore(id), 2, /is not what the run \w+ kept of \S+motd: it was changed/);
    rmSync(join(kept(id), String(file?.kept)));
    ends(restore(id), 2, /the host does not keep what the run \w+ replaced: \S+motd/);
    is('motd', 'new\n');
  });

  it('tells of nothing that no_log hides, and of files that are too large to keep', () => {
    write({ secret: 'old\n', large: '' });
    truncateSync(path('large'), 17 * 2 ** 20);
    const id = play(
      [copy('secret', 'new\n', {}), copy('large', 'new\n')].map((task, at) => ({ ...task, no_log: at === 0 })),
    );
    assert.deepEqual(
      replacedBy(id).map(one => [one.path, one.kept]),
      [[path('large'), undefined]],
    );
    ends(restore(id), 0, /Not kept, for it was too large: \S+large on h1/);
    is('large', 'new\n');
    is('secret', 'new\n');
    const names = existsSync(kept(id)) ? readdirSync(kept(id)) : [];
    assert.deepEqual(
      names.filter(name => /secret|large/.test(name)),
      [],
    );
  });

  it('puts back what a task replaced after which another one failed', () => {
    write({ motd: 'old\n' });
    const large = copy('motd', 'x'.repeat(70_000), { validate: '/bin/false %s' });
    const id = play([copy('motd', 'new\n'), { block: [large], rescue: [{ debug: { msg: 'goes on' } }] }]);
    is('motd', 'new\n');
    ends(restore(id), 0, /changed=1/);
    is('motd', 'old\n');
  });

  it('puts back all of the oldest run that the host keeps', () => {
    write({ one: 'old\n', two: 'old\n' });
    const id = play([copy('one', 'new\n'), copy('two', 'new\n')]);
    for (let count = 10; count < 30; count += 1) mkdirSync(kept(`z${count}`));
    ends(restore(id, '--task', '1'), 0, /changed=1/);
    ends(restore(id), 0, /changed=1/);
    is('one', 'old\n');
    is('two', 'old\n');
    for (let count = 10; count < 30; count += 1) rmSync(kept(`z${count}`), { recursive: true, force: true });
  });

  it('goes through no link that another user has put in the way', () => {
    mkdirSync(path('home/conf.d'), { recursive: true });
    write({ 'home/conf.d/conf': 'old\n' });
    for (const name of ['home', 'home/conf.d', 'home/conf.d/conf']) chownSync(path(name), 65534, 65534);
    const id = play([copy('home/conf.d/conf', 'new\n')]);
    rmSync(path('home/conf.d'), { recursive: true });
    mkdirSync(path('root'));
    write({ 'root/conf': 'new\n' });
    symlinkSync(path('root'), path('home/conf.d'));
    lchownSync(path('home/conf.d'), 65534, 65534);
    ends(restore(id), 2, /is a link that another user may have made/);
    is('root/conf', 'new\n');
  });

  it('refuses runs of which nothing can be put back, and says what to do', () => {
    ends(restore('last'), 5, /No run is recorded/);
    write({ motd: 'old\n' });
    const nothing = play([copy('made', 'x\n')]);
    ends(restore(nothing), 5, /replaced nothing that could be put back/);
    ends(run('play', 'site.yml', '-i', 'h1,', ...local, '--check'), 0);
    ends(restore(lastId()), 5, /was in check mode/);
    const id = play([copy('motd', 'new\n')]);
    ends(restore('zzz'), 5, /There is no run "zzz"/);
    ends(restore(id, '-i', 'h2,', '-c', 'local'), 5, /The inventory does not have h1, of the run/);
    mkdirSync(path('sub'));
    const elsewhere = runIn({ folder: 'sub' }, 'restore', id, '--state', path('state'));
    ends(elsewhere, 5, /Go there: cd \S+ && hostwright restore \w+ --state \S+\/state$/m);
    const here = runIn(
      { folder: 'sub' },
      'restore',
      id,
      '--state',
      path('state'),
      '-i',
      'h1,',
      '-c',
      'local',
      '--list',
    );
    ends(here, 0, /1: \S+motd/);
    assert.ok(existsSync(path('motd')));
    write({
      '{{x': 'old\n',
      'odd.yml': `
- hosts: all
  tasks: [{copy: {content: new, dest: !expr '"${path('{')}" + "{x"'}}]
`,
    });
    ends(run('play', 'odd.yml', '-i', 'h1,', ...local), 0);
    ends(restore('last'), 5, /has \{\{ in it/);
    appendFileSync(eventsFile(path('state'), id), '\n');
    ends(restore(id), 5, /was changed after the run/);
    is('motd', 'new\n');
  });
});
