import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { createProgram } from '../../../src/commands/program.ts';
import { optionName, settingNames, settingOf } from '../../../src/commands/settings/table.ts';
import { program } from '../../program.ts';
import { type Place, workshop } from '../cli.ts';

const { path, run, runIn, write } = workshop();

/** The settings as `hostwright config --json` shows them. */
function shown(place: Place, ...words: readonly string[]): Record<string, { value: unknown; source: string }> {
  const { exitCode, stdout, stderr } = runIn(place, 'config', '--json', ...words);
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout);
}

describe('settings', function () {
  this.timeout(60_000);

  it('come from the option, else the environment, else hostwright.yml, else the default', () => {
    write({ 'hostwright.yml': 'forks: 2\n', 'empty/hostwright.yml': '' });
    const env = { HOSTWRIGHT_FORKS: '3' };
    assert.deepEqual(shown({ env }, '--forks', '4').forks, { value: 4, source: '--forks' });
    assert.deepEqual(shown({ env }).forks, { value: 3, source: 'HOSTWRIGHT_FORKS' });
    assert.deepEqual(shown({ env: { HOSTWRIGHT_FORKS: '' } }).forks, { value: 2, source: 'hostwright.yml:1:8' });
    assert.deepEqual(shown({ folder: 'empty' }).forks, { value: 50, source: 'default' });
    assert.deepEqual(shown({}).user, { value: null, source: 'default' });
  });

  it('name a file in hostwright.yml that is not there, by the line that does', () => {
    write({ 'hostwright.yml': 'forks: 2\ninventory: [hosts.yml, gone.yml]\n', 'hosts.yml': 'kvm:\n' });
    const { exitCode, stderr } = run('inventory');
    assert.equal(exitCode, 5);
    assert.match(
      stderr,
      /^hostwright\.yml:2:24: "inventory" names gone\.yml, which is not there\n.*\n.*\^\n {2}Make it/,
    );
    assert.equal(run('inventory', '-i', 'hosts.yml').stderr, '');
    assert.deepEqual(shown({}).inventory?.value, ['hosts.yml', 'gone.yml']);
    write({ 'hostwright.yml': 'become_password_file: gone\nroles_file: gone.yml\nprivate_key: gone\n' });
    const ran = run('run', 'localhost', 'debug', 'msg=x', '-c', 'local');
    assert.match(ran.stderr, /^hostwright\.yml:1:23: "become_password_file" names gone,/);
  });

  it('of Ansible are named, with those that are the same here, as long as these are not set', () => {
    const cfg = `[defaults]
inventory = hosts.yml, more
remote_user=deploy ; who
forks = 50
timeout = 30
host_key_checking = False
# private_key_file = x
[privilege_escalation]
become = True
[galaxy]
forks = 2
`;
    write({ 'ansible.cfg': cfg, 'hosts.yml': 'kvm:\n' });
    const left = 'user: deploy, timeout: 30, host_key_checking: accept-new, become: true';
    const { exitCode, stderr } = run('run', 'localhost', 'debug', 'msg=x', '-i', 'hosts.yml', '-c', 'local');
    assert.equal(exitCode, 0, stderr);
    assert.equal(stderr, `ansible.cfg is not read. For the same, write in hostwright.yml: ${left}\n`);
    assert.match(run('lint', '.').stderr, /^ansible\.cfg is not read\. .* inventory: \[hosts\.yml, more\]\n/);
    write({
      'hostwright.yml': 'inventory: [hosts.yml]\nuser: x\ntimeout: 1\nhost_key_checking: strict\nbecome: false\n',
    });
    assert.equal(run('run', 'localhost', 'debug', 'msg=x', '-c', 'local').stderr, '');
    assert.equal(run('doc', 'upper').stderr, '');
  });

  it('come from a pipe, too, which can be read once', () => {
    const words = [process.execPath, program, 'config', '--json'];
    const { stdout, stderr } = spawnSync('sh', ['-c', 'echo "forks: 2" | "$0" "$@"', ...words], {
      cwd: path('.'),
      env: { PATH: process.env.PATH, HOME: path('.'), HOSTWRIGHT_CONFIG: '/dev/stdin' },
      encoding: 'utf8',
    });
    assert.deepEqual(JSON.parse(stdout || stderr).forks, { value: 2, source: '/dev/stdin:1:8' });
  });

  it('are what a command does: with the inventory of the project, from any folder of it', () => {
    write({
      'hostwright.yml': 'inventory: [hosts/kvm.yml]\nconnection: local\n',
      'hosts/kvm.yml': 'kvm: {hosts: {hv1: }}\n',
      'plays/site.yml': '- hosts: kvm\n  tasks:\n    - debug: {msg: "hello {{ inventory_hostname }}"}\n',
      'elsewhere/x': '',
    });
    const ran = runIn({ folder: 'plays' }, 'run', 'hv1', 'debug', 'msg=hello');
    assert.match(ran.stdout, /hv1 .*hello/, ran.stderr);
    const played = runIn({ env: { HOME: path('elsewhere') } }, 'play', 'plays/site.yml');
    assert.match(played.stdout, /hello hv1/, played.stderr);
    assert.match(run('lint', 'plays').stdout, /1 file/);
  });

  it('of a playbook are those next to it or nearest above it, not those of the working folder', () => {
    write({
      'hostwright.yml': 'forks: 1\n',
      'project/hostwright.yml': 'forks: 2\n',
      'project/plays/site.yml': '[]\n',
      'other/hostwright.yml': 'forks: 3\n',
      'other/site.yml': '[]\n',
    });
    assert.equal(shown({}).forks?.value, 1);
    assert.equal(shown({}, 'project/plays/site.yml').forks?.value, 2);
    assert.equal(shown({ folder: 'other' }, '../project/plays/site.yml').forks?.value, 2);
    const { exitCode, stderr } = run('play', 'project/plays/site.yml', 'other/site.yml');
    assert.equal(exitCode, 5);
    assert.match(stderr, /different settings: project\/hostwright\.yml and other\/hostwright\.yml\.\n {2}Run them one/);
  });

  it('have paths from their file; "~/" is the home, and hosts with commas are not a path', () => {
    write({
      'hostwright.yml': [
        'inventory: [hosts, "hv1,hv2", /etc/hosts.yml]',
        'roles_path: [roles, ../shared]',
        'private_key: ~/key',
        'roles_file: pins.yml',
      ].join('\n'),
      'deep/er/x': '',
    });
    const found = shown({ folder: 'deep/er' });
    assert.deepEqual(found.inventory?.value, ['../../hosts', 'hv1,hv2', '/etc/hosts.yml']);
    assert.deepEqual(found.roles_path?.value, ['../../roles', '../../../shared']);
    assert.equal(found.private_key?.value, path('key'));
    assert.equal(found.roles_file?.value, '../../pins.yml');
  });

  it('yield to what the command line says of the same: --no-…, another user, a password to ask for', () => {
    write({ 'hostwright.yml': 'become_user: daemon\nbecome: false\ndiff: true\nconnection: local\n' });
    const uid = (...words: readonly string[]) =>
      /uid=\d+\((\w+)\)/.exec(run('run', 'localhost', 'command', 'id', ...words).stdout)?.[1];
    assert.equal(uid(), userInfo().username);
    assert.equal(uid('--become-user', 'daemon'), 'daemon');
    assert.doesNotMatch(run('run', 'localhost', 'command', 'id', '--no-diff').stdout, /^ *---/m);
    write({ secret: 'x\n' });
    const env = { HOSTWRIGHT_BECOME_PASSWORD_FILE: path('secret') };
    assert.match(runIn({ env }, 'run', 'localhost', 'command', 'id', '-K').stderr, /no terminal to ask/);
  });

  it('of the environment are texts: numbers, true and false, and roles folders with ":"', () => {
    const env = { HOSTWRIGHT_ROLES_PATH: 'a:b', HOSTWRIGHT_BECOME: 'true', HOSTWRIGHT_INVENTORY: 'hv1,hv2' };
    const found = shown({ env });
    assert.deepEqual(found.roles_path?.value, ['a', 'b']);
    assert.equal(found.become?.value, true);
    assert.deepEqual(found.inventory?.value, ['hv1,hv2']);
    assert.match(runIn({ env }, 'inventory', '--graph').stdout, /hv2/);
  });

  it('that are wrong are refused, all of a file at once, before anything else is read', () => {
    write({ 'hostwright.yml': 'fork: 2\nforks: 0\nconnection: shh\n' });
    const { exitCode, stdout, stderr } = run('play', 'gone.yml');
    assert.equal(exitCode, 5);
    assert.equal(stdout, '');
    assert.match(stderr, /^hostwright\.yml:1:1: unknown name "fork"\n.*\n.*\n {2}Did you mean "forks"\?$/m);
    assert.match(stderr, /^hostwright\.yml:2:8: "forks" must be at least 1$/m);
    assert.match(stderr, /^hostwright\.yml:3:13: "connection" must be one of "ssh", "openssh", "local"$/m);
    for (const [name, value, message] of [
      ['HOSTWRIGHT_FORKS', 'many', /"HOSTWRIGHT_FORKS" must be a whole number, not "many"/],
      ['HOSTWRIGHT_BECOME', 'yes', /"HOSTWRIGHT_BECOME" must be true or false, not "yes"/],
      ['HOSTWRIGHT_OUTPUT', 'line', /"HOSTWRIGHT_OUTPUT" must be one of .*\n {2}Did you mean "lines"\?/],
    ] as const) {
      const refused = runIn({ env: { [name]: value, HOSTWRIGHT_CONFIG: '/dev/null' } }, 'play', 'gone.yml');
      assert.equal(refused.exitCode, 5);
      assert.match(refused.stderr, message);
    }
  });

  it('of a variable that is spelt wrong are told by config', () => {
    const env = { HOSTWRIGHT_FORK: '1', HOSTWRIGHT_OUR_API_TOKEN: 'x' };
    const { stderr } = runIn({ env }, 'config');
    assert.equal(stderr, 'HOSTWRIGHT_FORK in the environment is not a setting. Did you mean "HOSTWRIGHT_FORKS"?\n');
  });

  it('are each an option of a command that acts by it, and of config', () => {
    const { commands } = createProgram(() => undefined);
    const longs = (command: Command) => command.options.map(({ long }) => long);
    for (const name of settingNames) {
      const having = commands.filter(command => longs(command).includes(optionName(name)));
      assert.ok(having.length >= 2 && having.some(command => command.name() === 'config'), name);
    }
    assert.ok(settingNames.length > 10);
    for (const name of settingNames)
      assert.equal(settingOf(name).takes === undefined, settingOf(name).schema.type === 'boolean');
  });
});
