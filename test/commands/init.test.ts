import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { program } from '../program.ts';
import { workshop } from './cli.ts';

const { path, run, runIn, write } = workshop();
const greeting = '/var/tmp/hostwright-hello.txt';

interface EditorSettings {
  readonly 'yaml.schemas': Readonly<Record<string, readonly string[]>>;
}

/** The commands that init has printed. */
function nextOf(stdout: string): readonly string[] {
  return [...stdout.split('Next:\n')[1]!.matchAll(/^ {2}(.+)$/gm)].map(match => match[1]!);
}

/** Pastes lines into a shell, in the workshop. */
function paste(lines: readonly string[]) {
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  const env = { PATH, HOME: path('.'), NO_COLOR: '1' };
  return spawnSync('/bin/sh', ['-ec', lines.join('\n')], { cwd: path('.'), env, encoding: 'utf8' });
}

describe('hostwright init', function () {
  this.timeout(60_000);
  const forget = () => rmSync(greeting, { force: true });
  beforeEach(forget);
  afterEach(forget);

  it('writes a project, and prints three commands that work when they are pasted', () => {
    const { exitCode, stdout, stderr } = run('init', 'my hosts');
    assert.equal(exitCode, 0, stderr);
    const commands = nextOf(stdout);
    assert.equal(commands.length, 3);
    const { status, stdout: output, stderr: errors } = paste(commands);
    assert.equal(status, 0, output + errors);
    assert.match(output, /\+Hello from Hostwright/);
    assert.match(readFileSync(greeting, 'utf8'), /^Hello from Hostwright\nThis is localhost, which runs \w+\.\n$/);
  });

  it('prints commands for the working folder, where it is not given another', () => {
    const { stdout } = run('init');
    const commands = nextOf(stdout);
    assert.equal(commands.length, 3);
    assert.match(commands[0]!, /lint site\.yml$/);
    const { status, stderr } = paste(commands.slice(0, 2));
    assert.equal(status, 0, stderr);
    assert.equal(existsSync(greeting), false);
  });

  it('calls itself by its name where the PATH leads to it', () => {
    symlinkSync(program, path('hostwright'));
    const { stdout } = runIn({ env: { PATH: `${path('.')}:${process.env.PATH}` } }, 'init', 'p');
    assert.deepEqual(nextOf(stdout), ['cd p', 'hostwright play site.yml --check --diff', 'hostwright play site.yml']);
  });

  it('overwrites nothing, and says what was there', () => {
    write({ 'p/site.yml': 'mine\n' });
    symlinkSync('nowhere', path('p/hostwright.yml'));
    const { exitCode, stdout } = run('init', 'p');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^There already, and left as it is:\n {2}p\/hostwright\.yml\n {2}p\/site\.yml\nNext:/m);
    assert.equal(readFileSync(path('p/site.yml'), 'utf8'), 'mine\n');
    assert.equal(existsSync(path('p/nowhere')), false);
    assert.doesNotMatch(run('init', 'p').stdout, /Written/);
  });

  it('says what is wrong where it cannot write', () => {
    write({ file: '' });
    const { exitCode, stderr } = run('init', 'file');
    assert.equal(exitCode, 5);
    assert.match(stderr, /^file\/\S+ cannot be written: .*\n {2}Name another folder/);
  });

  it('gives editors schemas that are there, for each file of the project', () => {
    run('init', 'p');
    const settings = JSON.parse(readFileSync(path('p/.vscode/settings.json'), 'utf8')) as EditorSettings;
    const checked = Object.entries(settings['yaml.schemas']).flatMap(([url, patterns]) => {
      assert.ok(JSON.parse(readFileSync(fileURLToPath(url), 'utf8')).title);
      return globSync([...patterns], { cwd: path('p') });
    });
    assert.deepEqual(checked.toSorted(), ['hostwright.yml', 'inventory.yml', 'roles/hello/tasks/main.yml', 'site.yml']);
    assert.equal(run('schema', '--vscode').stdout, readFileSync(path('p/.vscode/settings.json'), 'utf8'));
  });
});

describe('hostwright schema', function () {
  this.timeout(60_000);

  it('lists schemas, shows one, and says where it is', () => {
    assert.match(run('schema').stdout, /^hostwright\n.*^modules\/copy\n.*^playbook\n/ms);
    const file = run('schema', 'playbook', '--path').stdout.trim();
    assert.ok(statSync(file).isFile());
    assert.equal(run('schema', 'playbook').stdout, readFileSync(file, 'utf8'));
    const { exitCode, stderr } = run('schema', 'playbok');
    assert.equal(exitCode, 5);
    assert.match(stderr, /There is no schema "playbok"\.\n {2}Did you mean "playbook"\?/);
  });
});
