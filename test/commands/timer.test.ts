import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { workshop } from './cli.ts';

const { path, write, run, runIn } = workshop();
const verifies = spawnSync('systemd-analyze', ['--version']).status === 0;

/** A program in the place of systemctl, which is not to be started for real: it notes its words. */
function systemctl(exit: number): string {
  const log = path('systemctl.log');
  write({
    'bin/systemctl': `#!/bin/sh\necho "$@" >> '${log}'\n[ ${exit} = 0 ] || echo it does not answer >&2\nexit ${exit}\n`,
  });
  chmodSync(path('bin/systemctl'), 0o755);
  return `${path('bin')}:${process.env.PATH}`;
}

/** What systemd makes of the command line of a service. */
function wordsOf(file: string): readonly string[] {
  const line = /^ExecStart=:(.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) =>
    word
      .replaceAll('%%', '%')
      .replace(/\\x(..)|\\(.)/g, (_, hex, letter) =>
        hex === undefined ? letter : String.fromCharCode(Number.parseInt(hex, 16)),
      ),
  );
}

describe('hostwright timer drift', function () {
  this.timeout(60_000);
  const hard = `it's 100% "$HOME" \\n`;

  it('prints units that run the command in its folder each night', () => {
    const { stdout, exitCode } = run('timer', 'drift', 'site.yml', '-i', 'hosts.ini', '--at', '03:15');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^# hostwright-drift-site\.service\n# Written by "hostwright timer"\.\n\[Unit\]\n/);
    assert.match(stdout, /^OnCalendar=\*-\*-\* 03:15:00\nRandomizedDelaySec=15min\nPersistent=true$/m);
    assert.match(stdout, /^Restart=no\nTimeoutStartSec=4h$/m);
    assert.match(stdout, /^NoNewPrivileges=yes$/m);
    assert.match(stdout, /^WorkingDirectory=.*hw-cli-/m);
  });

  it('quotes folders and words as systemd reads them, as systemd-analyze says', () => {
    mkdirSync(path(hard));
    const words = ['site.yml', hard, '-l', '~^h\\d$', '-t', 'a;b', '-f', '3', '--become', '--name', 'hw'];
    for (const scope of [[], ['--system']]) {
      const { exitCode, stderr, stdout } = runIn(
        { folder: hard },
        'timer',
        'drift',
        ...words,
        ...scope,
        '-o',
        '../units',
      );
      assert.equal(exitCode, 0, stderr);
      assert.match(stdout, /^wrote \S+hw\.service\nwrote \S+hw\.timer\n$/);
      const [node, script, ...rest] = wordsOf(path('units/hw.service'));
      assert.equal(node, process.execPath);
      assert.ok(existsSync(script ?? ''));
      const given = ['drift', 'site.yml', hard, '--limit', '~^h\\d$', '--tags', 'a;b', '--become', '--forks', '3'];
      const state = ['--state', path('.local/state/hostwright')];
      assert.deepEqual(rest.toSorted(), [...given, ...state].toSorted());
      if (!verifies) continue;
      const files = ['service', 'timer'].map(ending => path(`units/hw.${ending}`));
      const verified = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], { encoding: 'utf8' });
      assert.equal(
        verified.stderr
          .split('\n')
          .filter(line => line.includes('hw.'))
          .join('\n'),
        '',
      );
      assert.equal(verified.status, 0, verified.stderr);
    }
  });

  it('installs them, and leaves alone what somebody else has written', () => {
    const env = { PATH: systemctl(0) };
    const words = ['timer', 'drift', 'site.yml', '--install'];
    const units = '.config/systemd/user';
    const { exitCode, stdout, stderr } = runIn({ env }, ...words);
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /site\.timer\nsystemctl --user daemon-reload\nsystemctl --user enable --now hostwright-drift/);
    const log = readFileSync(path('systemctl.log'), 'utf8');
    assert.equal(log, '--user daemon-reload\n--user enable --now hostwright-drift-site.timer\n');
    assert.equal(runIn({ env }, ...words, '--at', '04:00').exitCode, 0);
    assert.match(readFileSync(path(`${units}/hostwright-drift-site.timer`), 'utf8'), /04:00:00/);
    rmSync(path(`${units}/hostwright-drift-site.service`));
    write({ [`${units}/hostwright-drift-site.timer`]: '[Timer]\n' });
    const refused = runIn({ env }, ...words);
    assert.equal(refused.exitCode, 5);
    assert.match(refused.stderr, /was not written by Hostwright\.\n {2}.*--name/);
    assert.ok(!existsSync(path(`${units}/hostwright-drift-site.service`)));
  });

  it('tells when systemd does not answer', () => {
    const { exitCode, stderr } = runIn({ env: { PATH: systemctl(1) } }, 'timer', 'drift', 'site.yml', '--install');
    assert.equal(exitCode, 2);
    assert.match(stderr, /systemctl --user daemon-reload failed: it does not answer/);
  });

  it('refuses what cannot be at night', () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['-k'], /no one is there to type a password/],
      [['-e', 'a=1'], /Write them to a file: -e @FILE/],
      [['--at', '25:00'], /a time of day such as 02:30/],
      [['--name', 'a b'], /letters, digits/],
      [['--install', '-o', 'x'], /cannot be had together/],
    ];
    for (const [words, message] of wrong) {
      const { exitCode, stderr, stdout } = run('timer', 'drift', 'site.yml', ...words);
      assert.equal(exitCode, 5, stderr);
      assert.match(stderr, message);
      assert.equal(stdout, '');
    }
  });
});
