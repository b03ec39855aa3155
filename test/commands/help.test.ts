import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foreignOptions, withForeignForm } from '../../src/commands/shared/foreign-options.ts';
import { workshop } from './cli.ts';

const { run } = workshop();
const commands = [
  'play',
  'run',
  'role',
  'resume',
  'history',
  'drift',
  'roles',
  'lint',
  'inventory',
  'facts',
  'explain',
  'doc',
  'config',
  'init',
  'schema',
];

const leaves = [...commands, 'timer drift', 'advise', 'completion', 'roles install', 'roles update', 'roles list'].map(
  command => command.split(' '),
);

describe('the command line', function () {
  this.timeout(60_000);
  it('tells its version', () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    assert.deepEqual(run('--version'), { exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('lists its commands', () => {
    const { exitCode, stdout } = run('--help');
    assert.equal(exitCode, 0);
    for (const command of commands) assert.match(stdout, new RegExp(`^  ${command} .* \\S+$`, 'm'));
  });

  for (const command of commands) {
    it(`explains "${command}" with examples and says what each option is for`, () => {
      const { exitCode, stdout } = run(command, '--help');
      assert.equal(exitCode, 0);
      assert.match(stdout, new RegExp(`^Examples:\n  hostwright ${command} `, 'm'));
      const bare = stdout.split('\n').filter(line => /^ {2}-{1,2}\S+( <\S+>)?$/.test(line));
      assert.deepEqual(bare, []);
      assert.doesNotMatch(stdout, /\(default: \[\]\)/);
    });
  }

  it('fits a terminal of 80 columns', () => {
    for (const command of [...leaves, []]) {
      const { stdout } = run(...command, '--help');
      assert.deepEqual(
        stdout.split('\n').filter(line => line.length > 80),
        [],
        command.join(' '),
      );
    }
  });

  it('leaves with 5 and a hint for a wrong command, option or value, and prints nothing to stdout', () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['plya'], /unknown command 'plya'\n\(Did you mean play\?\)/],
      [['play', '--chekc', 'x.yml'], /unknown option '--chekc'\n\(Did you mean --check\?\)/],
      [['play', '--ask-vault-pass', 'x.yml'], /unknown option '--ask-vault-pass'[\s\S]*give that with -e @FILE/],
      [['run', 'all', '-m', 'ping'], /unknown option '-m'[\s\S]*hostwright run PATTERN MODULE/],
      [['run', 'all', 'ping'], /no module "ping"\.\n {2}.*Write: hostwright run all command cmd=true reads=true\n$/],
      [['run', 'web', 'setup'], /no module "setup"\.\n {2}Write: hostwright facts web\n$/],
      [['all', '-m', 'ping'], /command 'all'\n {2}.*Write: hostwright run all command cmd=true reads=true\n/],
      [['a:b', '-b', '-m', 'shell', '-a', 'ls | wc'], /Write: hostwright run a:b shell 'ls \| wc' -b\n/],
      [['site.yml', '--check'], /unknown command 'site\.yml'\n {2}Write: hostwright play site\.yml --check\n/],
      [['galaxy', 'install', 'x'], /unknown command 'galaxy'\n {2}.* roles\.yml\. Write: hostwright roles install\n/],
      [['ansible-playbook', 'site.yml'], /Write: hostwright play PLAYBOOK\n/],
      [['inventory', '-l', '@gone'], /The file gone does not exist\./],
      [
        ['inventory', '-l', '@site.retry'],
        /The file site\.retry does not exist\.\n {2}Hostwright writes no such file: -l @last:unfinished/,
      ],
      [['play'], /missing required argument 'playbook'/],
      [
        ['play', 'x.yml', '--output', 'xml'],
        /argument 'xml' is invalid\. Allowed choices are auto, lines, jsonl, terminal/,
      ],
      [['play', 'x.yml', '-f', '0'], /It must be a whole number from 1 up/],
      [['play', 'x.yml', '--allow', 'reboots'], /"reboots" is none of data-loss, reboot/],
      [['play', 'x.yml'], /x\.yml:1:1: the file does not exist/],
      [['run', 'localhost', 'cpoy'], /There is no module "cpoy"\.\n {2}Did you mean "copy"\?/],
      [['role', 'localhost', 'hugepage'], /There is no role "hugepage"\.\n {2}Did you mean "hugepages"\?/],
      [
        ['doc', 'lvmvg'],
        /There is no module, action, role, keyword or function "lvmvg"\.\n {2}Did you mean "lvm_vg"\?/,
      ],
      [['facts', 'web', 'ansible_os_family'], /In a playbook: facts\.os\.family\..* Write: hostwright facts web os\n$/],
      [['doc', 'yum'], /"yum"\.\n {2}It is a module of Ansible\. Write "dnf", or "package"\.\n$/],
      [['doc', 'b64encode'], /It is a filter of Ansible\. In CEL: base64\(value\)\n$/],
      [['doc', 'ansible_fqdn'], /It is a fact of Ansible\. Write: facts\.fqdn\.name\n$/],
      [['facts', 'localhost', 'cpus'], /There are no facts "cpus"\.\n {2}Did you mean "cpu"\?/],
      [['run', 'hv9', 'command', 'uptime'], /No host or group is named "hv9"/],
      [['run', 'localhost', 'debug', 'msg=x', '-i', 'nowhere'], /There is no inventory nowhere/],
      [['run', 'localhost', 'debug', 'msg=x', '-e', 'x'], /--extra-vars cannot use "x"\.\n {2}Give k=v/],
      [['run', 'localhost', 'debug', 'msg=x', '--report', '/dev/null/x'], /The report .* cannot be written/],
      [['run', 'localhost', 'debug', 'msg=x', '--become-password-file', 'gone'], /There is no password file gone/],
    ];
    for (const [args, message] of wrong) {
      const { exitCode, stdout, stderr } = run(...args);
      assert.equal(exitCode, 5, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, message);
      assert.equal(stdout, '');
    }
  });

  it('names what there is instead of options of Ansible that it does not have', () => {
    const help = commands.map(command => run(command, '--help').stdout).join('\n');
    for (const option of foreignOptions) {
      assert.match(withForeignForm(`error: unknown option '${option}'\n`, []), /\n {2}\S.*\.\n$/);
      assert.doesNotMatch(help, new RegExp(`^ *(-\\w, )?${option}\\b(?!-)`, 'm'), option);
    }
    for (const [, named] of foreignOptions
      .map(option => withForeignForm(`unknown option '${option}'`, []))
      .join('\n')
      .matchAll(/Write:? (?:hostwright \w+ )?(-{1,2}[\w-]+)/g))
      assert.match(help, new RegExp(`^ *(-\\w, )?${named}\\b`, 'm'), named);
  });
});

describe('hostwright doc', () => {
  it('has a line for every module, action and role, and a page without an empty part for each', () => {
    const list = run('doc').stdout;
    const names = [...list.matchAll(/^ {2}(\S+) {2,}(\S.*)$/gm)].map(([, name]) => name!);
    assert.ok(names.length > 30, list);
    const { exitCode, stdout } = run('doc', ...names);
    assert.equal(exitCode, 0);
    assert.doesNotMatch(stdout, /undefined|\[object|NaN/);
    for (const name of names) assert.match(stdout, new RegExp(`^# (Role )?${name}\n\n\\S`, 'm'), name);
    const heads = stdout.match(/^## (Arguments|Examples)$/gm)!;
    assert.equal(heads.filter(head => head.endsWith('Examples')).length, heads.length / 2);
    assert.doesNotMatch(stdout, /^## .*\n\n(##|```\n)/m);
  });

  it('explains a function and a keyword', () => {
    assert.match(
      run('doc', 'upper').stdout,
      /^# Function upper\n\n- `upper\(text\)`: .*\n\nIn a template: \{\{ upper text \}\}\.\n$/,
    );
    const { stdout } = run('doc', 'become', 'serial');
    assert.match(
      stdout,
      /^# Keyword become\n\n- of play, task, block, include, role: boolean\n\n.*docs\/language\.md\n/,
    );
    assert.match(stdout, /^- of play: integer or string or array\. A number of hosts, or a percentage/m);
  });

  it('shows a module and the role of the same name', () => {
    const { stdout } = run('doc', 'hugepages');
    assert.match(stdout, /^# hugepages$/m);
    assert.match(stdout, /^## Arguments$/m);
    assert.match(stdout, /^## All parameters$/m);
  });
});
