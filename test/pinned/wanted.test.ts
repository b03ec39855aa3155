import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidInput } from '../../src/language/diagnostic.ts';
import { isRolesFile, readRolesFile } from '../../src/pinned/wanted.ts';

describe('roles.yml', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-wanted-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function read(text: string) {
    const file = join(folder, 'roles.yml');
    writeFileSync(file, text);
    return readRolesFile(file).map(({ part: _, ...role }) => role);
  }

  it('is told from a playbook of that name, and from what is neither', () => {
    const file = join(folder, 'roles.yml');
    const rows: readonly (readonly [string, boolean])[] = [
      ['', true],
      ['- {name: motd, git: g, ref: v1}', true],
      ['- {name: motd}', true],
      ['- {name: Roles, hosts: all, roles: [motd]}', false],
      ['- ansible.builtin.import_playbook: other.yml', false],
    ];
    for (const [text, expected] of rows) {
      writeFileSync(file, text);
      assert.equal(isRolesFile(file), expected, text);
    }
    assert.deepEqual(problemsOf('- hosts: all'), ['1:1 this is a playbook, and not a list of roles']);
    assert.deepEqual(problemsOf('- {task: a}\n- {task: b}'), ['1:1 this is not a list of roles']);
  });

  function problemsOf(text: string): readonly string[] {
    try {
      read(text);
      return [];
    } catch (error) {
      assert.ok(error instanceof InvalidInput);
      return error.diagnostics.map(({ at, message }) => `${at.line}:${at.column} ${message}`);
    }
  }

  it('lists roles, in our words and in those of Ansible', () => {
    assert.deepEqual(
      read(`
- {name: a, git: ../a, ref: v1, path: roles/a}
- {name: b.c, src: "https://git.example.org/b.git", scm: git, version: main}
`),
      [
        { name: 'a', git: '../a', address: join(folder, '../a'), ref: 'v1', path: 'roles/a' },
        {
          name: 'b.c',
          git: 'https://git.example.org/b.git',
          address: 'https://git.example.org/b.git',
          ref: 'main',
          path: '.',
        },
      ],
    );
  });

  it('may be empty', () => assert.deepEqual(read('# none yet\n'), []));

  const wrong: readonly (readonly [string, readonly string[]])[] = [
    ['roles: []', ['1:1 the value must be a list, not a map']],
    ['- motd', ['1:3 item 1 must be a map, not "motd"']],
    ['- {git: x, ref: y}', ['1:3 "name" is missing']],
    ['- {name: a}', ['1:3 "git" is missing', '1:3 "ref" is missing']],
    ['- {name: a, git: x, ref: 1.0}', ['1:26 "ref" must be a string, not 1']],
    ['- {name: a, gti: x, ref: y}', ['1:13 unknown name "gti"']],
    ['- {name: ../a, git: x, ref: y}', ['1:10 "name" does not have the form it must have']],
    ['- {name: -a, git: x, ref: y}', ['1:10 "name" does not have the form it must have']],
    ['- {name: a, git: x, ref: --all}', ['1:26 "ref" does not have the form it must have']],
    ['- {name: a, git: x, ref: "a b"}', ['1:26 "ref" does not have the form it must have']],
    ['- {name: a, git: x, ref: "refs/heads/*"}', ['1:26 "ref" does not have the form it must have']],
    ['- {name: a, git: x, ref: a..b}', ['1:26 "ref" does not have the form it must have']],
    ['- {name: a, git: --x, ref: y}', ['1:18 "--x" begins with "-", as options do']],
    ['- {name: a, src: "ext::x", ref: y}', ['1:18 roles do not come from "ext::x": git is not sent there']],
    ['- {name: a, src: x, ref: y, scm: hg}', ['1:34 "scm" must be one of "git"']],
    [
      '- {name: a, git: x, src: z, ref: y, version: w}',
      ['1:21 "src" is another name for "git"', '1:37 "version" is another name for "ref"'],
    ],
    ['- {name: a, git: x, ref: y, path: ../b}', ['1:35 "../b" is not a folder of the repository']],
    ['- {name: a, git: x, ref: y, path: b/../../c}', ['1:35 "b/../../c" is not a folder of the repository']],
    ['- {name: a, git: x, ref: y, path: /etc}', ['1:35 "/etc" is not a folder of the repository']],
    ['- {name: a, git: x, ref: y, path: .git/hooks}', ['1:35 ".git/hooks" is not a folder of the repository']],
    ['- {name: a, git: x, ref: y}\n- {name: a, git: x, ref: z}', ['2:10 role "a" is named twice']],
  ];
  for (const [text, expected] of wrong) {
    it(`is refused with its place: ${JSON.stringify(text)}`, () => assert.deepEqual(problemsOf(text), expected));
  }
});
