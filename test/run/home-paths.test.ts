import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { modules } from '../../src/modules/index.ts';
import { withHomes } from '../../src/plan/home-paths.ts';
import { play, temporaryFolder } from './engine.ts';

const { path } = temporaryFolder();
const before = process.env.HOME;

/** The home of the local connection is that of this process. */
function homeIs(folder: string): void {
  mkdirSync(folder, { recursive: true });
  process.env.HOME = folder;
}

describe('a path that begins with ~', () => {
  beforeEach(() => homeIs(path('höme with blanks')));
  afterEach(() => {
    process.env.HOME = before;
  });

  it('lies in the home of the user of the task, also where it is asked for ahead', async () => {
    const text = `
- hosts: all
  tasks:
    - {name: dir, file: {path: ~/d, state: directory}}
    - {name: copied, copy: {content: "a\\n", dest: ~/d/f}}
    - {name: line, lineinfile: {path: ~/d/f, line: b}}
    - {name: seen, stat: {path: ~/d/f}}
    - {name: here, command: {cmd: cat f, chdir: ~/d, removes: ~/d/f}}
    - {name: found, find: {paths: "~/d, ~/none"}}
    - {name: link, file: {src: ~/d/f, path: ~/l, state: link}}
`;
    const home = path('höme with blanks');
    const { result } = await play(text);
    for (const name of ['dir', 'copied', 'line', 'here', 'link']) {
      assert.equal(result(name).status, 'changed', `${name}: ${result(name).message}`);
    }
    assert.equal(readFileSync(`${home}/d/f`, 'utf8'), 'a\nb\n');
    assert.equal(readFileSync(`${home}/l`, 'utf8'), 'a\nb\n');
    assert.equal(result('copied').fields.dest, `${home}/d/f`);
    assert.equal(result('here').fields.stdout, 'a\nb');
    assert.equal(result('found').fields.matched, 1);
    assert.deepEqual(Object.keys(result('found').fields.skipped_paths as object), [`${home}/none`]);
    const again = await play(text);
    for (const name of ['dir', 'link']) assert.equal(again.result(name).status, 'ok', again.result(name).message);
  });

  it('is where fetch finds the file, and part of where it puts it', async () => {
    writeFileSync(path('höme with blanks/f'), 'x\n');
    const { result } = await play(
      `- hosts: all\n  tasks: [{name: it, fetch: {src: ~/f, dest: ${JSON.stringify(path('kept'))}}}]\n`,
    );
    assert.equal(result('it').status, 'changed', result('it').message);
    assert.ok(existsSync(path(`kept/h1${path('höme with blanks')}/f`)));
  });

  it('lies in the home of another user where it names one; one that is not there is told', async () => {
    const { username, homedir } = userInfo();
    const { result } = await play(`
- hosts: all
  tasks:
    - {name: theirs, stat: {path: ~${username}}}
    - {name: no one's, stat: {path: ~hw-missing/x}, ignore_errors: true}
`);
    assert.equal((result('theirs').fields.stat as { path: string }).path, homedir);
    assert.equal(
      result("no one's").message,
      'cannot tell: ~hw-missing/x: the host has no user hw-missing, or the user has no home',
    );
  });

  it('is looked up once for another user, and again once something was changed on the host', async () => {
    const { username, homedir } = userInfo();
    const roundTrips = async (home: string, names: readonly string[]) => {
      const tasks = names.map(name => {
        return name === 'change' ? '{command: "true"}' : `{file: {path: ${home}/hw-missing-${name}, state: absent}}`;
      });
      const { events } = await play(`- {hosts: all, gather_facts: false, tasks: [${tasks.join(', ')}]}\n`);
      return events.find(event => event.type === 'host.finished')!.roundTrips;
    };
    const lookUps = async (...names: string[]) =>
      (await roundTrips(`~${username}`, names)) - (await roundTrips(homedir, names));
    assert.equal(await lookUps('a', 'b', 'c', 'd'), 1);
    assert.equal(await lookUps('a', 'b', 'change', 'c', 'd'), 2);
  });

  it('is foreseen in check mode where an earlier task makes its user', async () => {
    const { result } = await play(
      `
- hosts: all
  tasks:
    - {name: user, user: {name: hw-missing}}
    - {name: file, copy: {content: x, dest: ~hw-missing/x}}
`,
      { check: true },
    );
    assert.equal(result('file').status, 'unknown', result('file').message);
  });

  it('is refused where the user has no home', async () => {
    delete process.env.HOME;
    const { result } = await play('- hosts: all\n  tasks: [{name: it, stat: {path: ~/x}}]\n');
    assert.equal(result('it').message, 'cannot tell: ~/x: HOME is not set for the user of the task');
  });
});

describe('arguments with paths of homes', () => {
  const copy = modules.find(({ name }) => name === 'copy')!;
  const homes = new Map([['', '/home/me']]);

  it('leaves files of the controller, and names with ~ elsewhere, as they are', () => {
    assert.deepEqual(withHomes(copy.args, { src: '~/f', dest: '~/a~/~' }, homes), {
      src: '~/f',
      dest: '/home/me/a~/~',
    });
    assert.deepEqual(withHomes(copy.args, { src: '~/f', dest: '~', remote_src: true }, homes), {
      src: '/home/me/f',
      dest: '/home/me',
      remote_src: true,
    });
  });

  it('a home of / gets no second slash', () => {
    assert.equal(withHomes(copy.args, { content: '', dest: '~/x' }, new Map([['', '/']])).dest, '/x');
  });
});
