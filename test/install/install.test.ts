import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, newMachine, type Outcome } from './machine.ts';

const page = readFileSync('docs/install.md', 'utf8');
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** The commands under a heading of docs/install.md, a text for each block. */
function blocksUnder(heading: string): readonly string[] {
  const section = page.split(/^## /m).find(text => text.startsWith(`${heading}\n`)) ?? '';
  const blocks = [...section.matchAll(/^```sh\n(.*?)^```/gms)].map(match => match[1] ?? '');
  assert.ok(blocks.length > 0, heading);
  return blocks;
}

function assertDone({ status, stdout, stderr }: Outcome): void {
  assert.equal(status, 0, `${stdout}\n${stderr}`);
}

describe('installing Hostwright as docs/install.md says', function () {
  this.timeout(900_000);
  let machine: Machine;
  before(() => {
    machine = newMachine();
  });
  after(() => machine.remove());

  function inClone(line: string, node: number): Outcome {
    return machine.sh(line, { node, cwd: machine.clone });
  }

  function elsewhere(line: string, node: number): Outcome {
    return machine.sh(line, { node, cwd: machine.elsewhere });
  }

  it('a clone without npm packages says in a line what to do, with each Node', () => {
    for (const node of [20, 24])
      assert.deepEqual(inClone('./bin/hostwright.js doc', node), {
        status: 5,
        stdout: '',
        stderr: `The npm packages of this clone are not installed.\n  Run "npm ci" in ${machine.clone}/ first.\n`,
      });
  });

  it('a clone runs after npm ci', () => {
    const [first = ''] = blocksUnder('From a clone');
    assertDone(inClone(first, 20));
  });

  for (const node of [20, 22, 24])
    it(`a clone runs with Node ${node}, and prints nothing of npm: directly, by npx, and linked`, () => {
      const [, link = ''] = blocksUnder('From a clone');
      assertDone(inClone(link, node));
      for (const run of [
        inClone('./bin/hostwright.js --version', node),
        inClone('npx hostwright --version', node),
        elsewhere('hostwright --version', node),
      ])
        assert.deepEqual(run, { status: 0, stdout: `${version}\n`, stderr: '' });
      const ran = elsewhere('hostwright run localhost debug msg=hello', node);
      assertDone(ran);
      assert.match(ran.stdout, /hello/);
      assert.equal(elsewhere('hostwright run localhost no_such_module', node).status, 5);
      assertDone(elsewhere('npm uninstall -g hostwright', node));
    });

  it('a package runs without the clone with Node 22 and 24, from any folder', () => {
    const [block = ''] = blocksUnder('As a package');
    assertDone(inClone(block, 24));
    renameSync(machine.clone, `${machine.clone}-gone`);
    for (const node of [22, 24]) {
      assert.deepEqual(elsewhere('hostwright --version', node), { status: 0, stdout: `${version}\n`, stderr: '' });
      const ran = elsewhere('hostwright run localhost command "echo installed"', node);
      assertDone(ran);
      assert.match(ran.stdout, /installed/);
      assert.match(elsewhere('hostwright doc lvm-pool', node).stdout, /devices/);
    }
  });

  it('a package has completions for shells', () => {
    const [block = ''] = blocksUnder('Completion of shells');
    assertDone(elsewhere(block, 24));
    assert.match(
      elsewhere('cat ~/.bashrc ~/.config/fish/completions/hostwright.fish', 24).stdout,
      /^complete -F .*^complete -c/ms,
    );
  });

  it('a package says with Node 20 which Node it needs', () => {
    const { status, stdout, stderr } = elsewhere('hostwright --help', 20);
    assert.equal(status, 5);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^hostwright needs Node 22\.18 or newer; this is Node 20\.\S+ \(.+\)\.\n {2}Install a newer Node/,
    );
  });

  it('leaves nothing on the PATH when it is removed', () => {
    const home = elsewhere('echo "$HOME"', 24).stdout.trim();
    for (const block of blocksUnder('Uninstall')) assertDone(elsewhere(`unset XDG_CACHE_HOME; ${block}`, 24));
    assert.equal(elsewhere('hostwright --version', 24).status, 127);
    assert.equal(existsSync(join(home, '.cache/hostwright')), false);
  });
});
