import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '../../bin/hostwright.js');

/** Says on stderr, in the end, which packages were loaded. */
const tell = `
import { registerHooks } from 'node:module';
const packages = new Set();
registerHooks({
  load: (url, context, next) => {
    packages.add(/.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]);
    return next(url, context);
  },
});
process.on('exit', () => {
  if (process.moduleLoadList.includes('NativeModule sqlite')) packages.add('node:sqlite');
  process.stderr.write('LOADED ' + [...packages].join(' ') + ' END');
});`;

/**
 * What speaks SSH, and what only some playbooks and some terminals need: each costs a start
 * milliseconds.
 */
const late = [
  'ssh2',
  'node-ssh',
  '@marcbachmann/cel-js',
  'listr2',
  '@xmldom/xmldom',
  'diff',
  'handlebars',
  'node:sqlite',
];

describe('a start', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-start-'));
    writeFileSync(join(folder, 'tell.mjs'), tell);
    writeFileSync(join(folder, 'plain.yml'), '- hosts: localhost\n  tasks:\n    - command: "true"\n');
    writeFileSync(
      join(folder, 'more.yml'),
      '- hosts: localhost\n  tasks:\n    - when: 1 + 1 == 2\n      command: "echo {{ inventory_hostname }}"\n',
    );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function loaded(...words: readonly string[]): readonly string[] {
    const options = ['--import', join(folder, 'tell.mjs')];
    const { status, stderr } = spawnSync(process.execPath, [...options, bin, ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return /LOADED (.*) END/.exec(stderr)![1]!.split(' ');
  }

  it('loads what it needs, and nothing that it may not need', () => {
    const packages = loaded('lint', 'plain.yml');
    assert.ok(packages.includes('yaml'), packages.join());
    assert.deepEqual(
      packages.filter(name => late.includes(name)),
      [],
    );
  });

  it('loads what expressions and templates need once there are some, and nothing that speaks SSH', () => {
    const packages = loaded('play', 'more.yml', '--check');
    assert.deepEqual(packages.filter(name => late.includes(name)).toSorted(), ['@marcbachmann/cel-js', 'handlebars']);
  });

  it('loads what indexes runs for the list of runs alone', () => {
    assert.deepEqual(
      loaded('history', '--json').filter(name => late.includes(name)),
      ['node:sqlite'],
    );
  });
});
