import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { docPages } from '../scripts/pages/doc-pages.ts';
import { documented } from '../scripts/pages/documented.ts';
import { withSettings } from '../scripts/pages/settings-page.ts';
import { wrapProse } from '../scripts/pages/wrap-prose.ts';
import { program } from './program.ts';
import { share } from './share.ts';

const readme = readFileSync('README.md', 'utf8');
const settingsPage = readFileSync('docs/settings.md', 'utf8');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** The fenced blocks of a language, as texts. */
function blocks(text: string, language: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(match => match[1]!);
}

function commands(text: string): readonly string[] {
  return blocks(text, 'sh').flatMap(block => block.split('\n').filter(line => line.trim() !== ''));
}

/** What keeps a command of the README on this machine, and from changing it. */
function onThisMachine(command: string): string {
  const [, verb] = command.split(' ');
  if (verb === 'play' || verb === 'role') return `${command} -e ansible_connection=local --check`;
  if (verb === 'run' || verb === 'facts' || verb === 'advise' || verb === 'drift')
    return `${command} -e ansible_connection=local`;
  return command;
}

/** bench.md has no commands of ours; those of install.md run in a machine of their own. */
const elsewhere = ['docs/bench.md', 'docs/install.md'];

/** Pages that people write; the others are generated. */
const pages = ['README.md', ...globSync('docs/*.md').filter(file => !isGenerated(file) && !elsewhere.includes(file))];

function isGenerated(file: string): boolean {
  return readFileSync(file, 'utf8').startsWith('<!-- Generated');
}

for (const page of pages) {
  describe(`the commands of ${page}`, function () {
    this.timeout(120_000);
    const text = readFileSync(page, 'utf8');
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'hw-docs-'));
      for (const block of blocks(text, 'yaml')) {
        const file = /^# (\S+)\n/.exec(block)?.[1];
        assert.ok(file, `a playbook of ${page} has no name in its first line`);
        writeFileSync(join(folder, file), block);
      }
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    const own = commands(text).filter(line => line.startsWith('hostwright '));
    for (const command of share(own, 4, line => line)) {
      it(`do what they say: ${command}`, () => {
        const there = onThisMachine(command).replace(/^hostwright/, `"${process.execPath}" "${program}"`);
        const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', there], {
          cwd: folder,
          encoding: 'utf8',
          env: { ...process.env, HOME: folder },
        });
        // This machine lacks the disk, the guests and the libvirt of the examples; a command that
        // is not understood would be 5, a defect 250.
        const mayFail = / (play|role|advise|run|drift) /.test(command);
        assert.ok(status === 0 || (mayFail && (status === 2 || status === 3)), `${status}\n${stdout}\n${stderr}`);
        assert.doesNotMatch(stdout + stderr, /a defect in Hostwright/i);
      });
    }
  });
}

describe('the README', () => {
  it('names npm scripts that exist', () => {
    const named = [readme, readFileSync('CONTRIBUTING.md', 'utf8')]
      .flatMap(commands)
      .filter(line => /^npm (?!ci|install|pack)/.test(line));
    assert.ok(named.length >= 8);
    for (const line of named) {
      const [, verb, name] = line.split(' ');
      assert.ok((verb === 'run' ? name! : verb!) in scripts, line);
    }
  });
});

describe('the generated pages', () => {
  it('are those of the code: npm run docs', () => {
    const wanted = docPages(documented(['roles']));
    const there = globSync('docs/**/*.md').filter(isGenerated);
    assert.deepEqual(there.map(file => relative('docs', file)).toSorted(), Object.keys(wanted).toSorted());
    for (const file of there) assert.equal(readFileSync(file, 'utf8'), wanted[relative('docs', file)], file);
  });
});

describe('the prose of the documentation', () => {
  it('is at most 100 columns wide', () => {
    const files = globSync(['*.md', 'src/*.md', 'docs/**/*.md', 'roles/*/README.md', 'skeleton/**/*.md']);
    assert.ok(files.length > 100, `${files.length}`);
    const wide = files.flatMap(file => {
      const text = readFileSync(file, 'utf8');
      const shown = new Set(wrapProse(text).split('\n'));
      const lines = text.split('\n').map((line, at) => ({ line, at }));
      // What cannot be broken, such as a long word of code, stays as it is.
      return lines.flatMap(({ line, at }) =>
        line.length > 100 && !shown.has(line) ? [`${file}:${at + 1}: ${line}`] : [],
      );
    });
    assert.deepEqual(wide, []);
  });
});

describe('the READMEs of the roles', function () {
  this.timeout(60_000);
  it('show calls that are valid', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hw-role-'));
    const playbooks = globSync('roles/*/README.md').map(file => {
      const [call] = blocks(readFileSync(file, 'utf8'), 'yaml');
      const playbook = join(folder, `${basename(dirname(file))}.yml`);
      writeFileSync(playbook, `- hosts: localhost\n  roles:\n${call!.replace(/^/gm, '    ')}`);
      return playbook;
    });
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'lint', ...playbooks], {
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });
    assert.ok(playbooks.length >= 22);
    assert.equal(status, 0, stdout + stderr);
  });
});

describe('docs/settings.md', () => {
  it('has the table of the code: npm run docs', () => {
    assert.equal(settingsPage, withSettings(settingsPage));
  });

  it('shows a hostwright.yml that is valid', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hw-settings-'));
    const [file = ''] = blocks(settingsPage, 'yaml');
    writeFileSync(join(folder, 'hostwright.yml'), file);
    const shown = spawnSync(process.execPath, [program, 'config', '--json'], { cwd: folder, encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    assert.equal(shown.status, 0, shown.stderr);
    assert.match(shown.stdout, /hostwright\.yml:\d+:\d+/);
  });
});

describe('links in the documentation', () => {
  for (const file of [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'src/README.md',
    ...globSync('docs/**/*.md'),
    ...globSync('roles/*/README.md'),
  ]) {
    it(`of ${file} lead somewhere`, () => {
      const text = readFileSync(file, 'utf8');
      const targets = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)]
        .map(match => match[1]!)
        .filter(target => !/^https?:/.test(target));
      assert.deepEqual(
        targets.filter(target => !existsSync(join(dirname(file), target))),
        [],
      );
    });
  }

  it('of the map of the code name every folder of src/', () => {
    const map = readFileSync('src/README.md', 'utf8');
    const rooms = globSync('src/*')
      .map(path => path.slice(4))
      .filter(name => name !== 'README.md');
    assert.deepEqual(
      rooms.filter(room => !map.includes(room.endsWith('.ts') ? `\`${room}\`` : `\`${room}/\``)),
      [],
    );
  });
});
