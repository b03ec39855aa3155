import assert from 'node:assert/strict';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { command } from '../../src/modules/command/command.ts';
import { copy } from '../../src/modules/copy/copy.ts';
import { file } from '../../src/modules/file/file.ts';
import { lineinfile } from '../../src/modules/lineinfile/lineinfile.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import { quote } from '../../src/shell/quote.ts';
import { checkArguments, contextOf } from './arguments.ts';
import { check, converge, type Host } from './converge.ts';

/** Programs that a look at files might start. */
const watched = [
  ...['awk', 'basename', 'cat', 'cksum', 'cmp', 'cut', 'dirname', 'find', 'getent', 'grep', 'head', 'id', 'ls'],
  ...['md5sum', 'od', 'readlink', 'realpath', 'sed', 'sha256sum', 'sort', 'stat', 'tail', 'test', 'tr', 'uniq', 'wc'],
];

describe('a look at what is right', () => {
  let folder: string;
  let host: { readonly shell: readonly string[] };
  const log = () => join(folder, 'started');
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-processes-'));
    const tools = join(folder, 'tools');
    mkdirSync(tools);
    for (const name of watched) {
      writeFileSync(
        join(tools, name),
        `#!/bin/sh\necho ${name} >> ${quote(log())}\nPATH=\${PATH#*:}\nexec ${name} "$@"\n`,
      );
      chmodSync(join(tools, name), 0o755);
    }
    host = { shell: ['env', `PATH=${tools}:${process.env.PATH}`, 'sh'] };
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const at = (name: string) => join(folder, name);
  /**
   * What it is, how many sections the question has, each of which is a process that a program may
   * take the place of, and the programs.
   */
  const rows: readonly [string, AnyModule, () => object, number, readonly string[]][] = [
    ['a directory', file, () => ({ path: at('directory'), state: 'directory', mode: '0750' }), 1, ['stat']],
    ['a small file', copy, () => ({ content: 'text\n', dest: at('copied'), mode: '0640' }), 1, ['stat']],
    ['a line', lineinfile, () => ({ path: at('lines'), line: 'one', create: true }), 1, ['stat']],
    ['what a command creates', command, () => ({ cmd: `touch ${at('made')}`, creates: at('made') }), 1, []],
  ];
  for (const [what, module, given, sections, started] of rows) {
    it(`starts no process more than it must: ${what}`, () => {
      assert.equal(converge({ shell: ['sh'] }, module, given()).kind, 'change');
      assert.equal(check(host, module, given()).kind, 'ok');
      const { args } = checkArguments(module, given());
      assert.equal(module.look(args, contextOf()).probe.sections.length, sections);
      const programs = existsSync(log()) ? readFileSync(log(), 'utf8').split('\n').slice(0, -1) : [];
      rmSync(log(), { force: true });
      assert.deepEqual(programs.toSorted(), started);
    });
  }
});

describe('a change', () => {
  let folder: string;
  let host: Host;
  const at = (name: string) => join(folder, name);
  before(() => {
    // What is replaced is kept in the same file system.
    const place = process.getuid?.() === 0 ? '/var/lib/hostwright' : tmpdir();
    mkdirSync(place, { recursive: true });
    folder = mkdtempSync(join(place, 'processes-'));
    chmodSync(folder, 0o755);
    for (const name of ['theirs', 'open']) mkdirSync(at(name));
    chmodSync(at('open'), 0o1777);
    if (process.getuid?.() === 0) chownSync(at('theirs'), 65534, 65534);
    host = { shell: ['strace', '-f', '-qq', '-e', 'trace=execve', '-o', at('trace'), 'sh'], run: '0run1' };
    // The first that a run keeps makes the folder.
    for (const content of ['1', '2']) converge({ shell: ['sh'], run: '0run1' }, copy, { content, dest: at('first') });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What is done from the first look to the proof, and what that starts. */
  const rows: readonly [string, AnyModule, () => object, readonly string[]][] = [
    ['a new file', copy, () => ({ content: 'one\n', dest: at('new') }), ['stat', 'mv', 'stat']],
    ['a changed file', copy, () => ({ content: 'two\n', dest: at('new') }), ['stat', 'cp', 'stat', 'ln', 'mv', 'stat']],
    ['a new line', lineinfile, () => ({ path: at('new'), line: 'three' }), ['stat', 'cp', 'stat', 'ln', 'mv', 'stat']],
    ['a directory', file, () => ({ path: at('made'), state: 'directory', mode: '0755' }), ['mkdir', 'stat']],
    ['a command with creates', command, () => ({ cmd: `touch ${at('touched')}`, creates: at('touched') }), ['touch']],
    [
      'a new file where anyone may write',
      copy,
      () => ({ content: 'one\n', dest: at('open/new') }),
      ['mkdir', 'stat', 'mv', 'rmdir', 'stat'],
    ],
    [
      'a changed file in a directory of another user',
      copy,
      () => ({ content: String(Math.random()), dest: at('theirs/new') }),
      ['stat', 'mkdir', 'cp', 'stat', 'ln', 'mv', 'rmdir', 'stat'],
    ],
  ];
  for (const [what, module, given, started] of rows) {
    it(`starts no process more than it must: ${what}`, function () {
      if (what.includes('another user')) {
        if (process.getuid?.() !== 0) this.skip();
        converge({ shell: ['sh'] }, module, given());
      }
      const before = programs(at('trace')).length;
      assert.equal(converge(host, module, given()).kind, 'change');
      assert.deepEqual(programs(at('trace')).slice(Math.max(before, 1)), started);
    });
  }
});

/** The programs that strace saw start, the shell first. */
function programs(trace: string): string[] {
  const text = existsSync(trace) ? readFileSync(trace, 'utf8') : '';
  return [...text.matchAll(/execve\("([^"]*)".* = 0$/gm)].map(([, path]) => basename(path!));
}
