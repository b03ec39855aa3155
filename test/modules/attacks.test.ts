import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Of } from '../../src/host/file/goal.ts';
import { authorizedKey } from '../../src/modules/authorized_key/authorized_key.ts';
import { copy } from '../../src/modules/copy/copy.ts';
import { file } from '../../src/modules/file/file.ts';
import { getUrl } from '../../src/modules/get_url/get_url.ts';
import { knownHosts } from '../../src/modules/known_hosts/known_hosts.ts';
import { lineinfile } from '../../src/modules/lineinfile/lineinfile.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import { unarchive } from '../../src/modules/unarchive/unarchive.ts';
import { uri } from '../../src/modules/uri/uri.ts';
import { share } from '../share.ts';
import { attacker, attacks, battlefield, canAct } from './attacker.ts';
import { converge, type Host, shells } from './converge.ts';

interface Target {
  readonly module: AnyModule;
  readonly args: (directory: string) => object;
  readonly files?: Host['files'];
  /** What the attacker has in his directory before the task. */
  readonly before?: (directory: string) => void;
}

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA op';
const his = { owner: String(attacker), group: String(attacker) };

function theirs(path: string, content = 'old = 1\n'): void {
  writeFileSync(path, content);
  chownSync(path, attacker, attacker);
}

/** A server of its own, since the harness waits for each shell. */
const program = `
const server = require('node:http').createServer((_, response) => response.end('new\\n'))
  .listen(0, '127.0.0.1', () => console.log(server.address().port));`;
let base = '';

const conf = (at: string) => join(at, 'conf');
const targets: Readonly<Record<string, Target>> = {
  'file makes a directory': {
    module: file,
    args: at => ({ path: join(at, 'new/deep'), state: 'directory', mode: '0700', ...his }),
  },
  'file makes a file': { module: file, args: at => ({ path: conf(at), state: 'touch', mode: '0640', ...his }) },
  'file changes a file': {
    module: file,
    args: at => ({ path: conf(at), mode: '0640', owner: 'root', group: String(attacker) }),
    before: at => theirs(conf(at)),
  },
  'file goes through a tree': {
    module: file,
    args: at => ({ path: join(at, 'tree'), state: 'directory', recurse: true, mode: '0777', ...his }),
    before: at => {
      for (const path of ['tree', 'tree/etc']) {
        mkdirSync(join(at, path));
        chownSync(join(at, path), attacker, attacker);
      }
      writeFileSync(join(at, 'tree/conf'), '');
      writeFileSync(join(at, 'tree/etc/conf'), '');
    },
  },
  'file makes a link': { module: file, args: at => ({ path: conf(at), state: 'link', src: '/srv', ...his }) },
  'copy makes a file': { module: copy, args: at => ({ dest: conf(at), content: 'new\n', mode: '0644', ...his }) },
  'copy changes a file': {
    module: copy,
    args: at => ({ dest: conf(at), content: 'new\n', mode: '0644', backup: true, ...his }),
    before: at => theirs(conf(at)),
  },
  'copy of the host': {
    module: copy,
    args: at => ({ dest: conf(at), src: '/etc/hosts', remote_src: true, mode: '0644', ...his }),
  },
  'copy of a large file': {
    module: copy,
    args: at => ({ dest: conf(at), content: 'new\n'.repeat(20_000), mode: '0644', ...his }),
  },
  lineinfile: {
    module: lineinfile,
    args: at => ({ path: conf(at), line: 'new', mode: '0644', backup: true, ...his }),
    before: at => theirs(conf(at)),
  },
  authorized_key: {
    module: authorizedKey,
    args: at => ({ user: 'nobody', key, path: join(at, 'authorized_keys'), manage_dir: false }),
  },
  known_hosts: { module: knownHosts, args: at => ({ name: 'a', key: key.slice(0, -3), path: conf(at) }) },
  get_url: {
    module: getUrl,
    args: at => ({ url: `${base}/a`, dest: conf(at), checksum: `sha256:${sha256Of('new\n')}`, mode: '0644', ...his }),
  },
  uri: { module: uri, args: at => ({ url: `${base}/a`, method: 'POST', dest: conf(at) }) },
  unarchive: {
    module: unarchive,
    files: { src: { path: archive() } },
    args: at => ({ src: 'pkg.tar', dest: at, creates: join(at, 'pkg/conf'), mode: '0755', ...his }),
  },
};

/** An archive of the controller. */
function archive(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-archive-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'pkg'));
  writeFileSync(join(folder, 'pkg/conf'), 'new\n');
  execFileSync('tar', ['-cf', 'pkg.tar', 'pkg'], { cwd: folder });
  return join(folder, 'pkg.tar');
}

describe('a user of the host who acts while root writes into his directory', function () {
  this.timeout(240_000);
  let server: ChildProcess;
  before(async function () {
    if (!canAct()) this.skip();
    server = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(server.stdout!, 'data')) as [Buffer];
    base = `http://127.0.0.1:${port.toString().trim()}`;
  });
  after(() => void server?.kill());

  const tries = Object.keys(targets).flatMap(what => Object.keys(attacks).map(attack => ({ what, attack })));
  for (const { what, attack } of share(tries, 20, one => `${one.what}: ${one.attack}`)) {
    it(`${what}: ${attack}`, () => {
      let turn = 1;
      let tried = attackOnce(targets[what]!, attack, turn);
      for (; tried.started >= turn; turn += 1) tried = attackOnce(targets[what]!, attack, turn + 1);
      assert.ok(turn > 2, 'the task started no programs');
      assert.equal(tried.error, undefined, 'it must work where he does nothing');
    });
  }
});

/**
 * Lets the attacker act once. Returns how many programs the task has started, and why it failed.
 */
function attackOnce(
  { module, args, files, before }: Target,
  attack: string,
  turn: number,
): { readonly started: number; readonly error: unknown } {
  const field = battlefield(attack, turn);
  try {
    before?.(field.directory);
    const stock = field.ofRoot();
    const host: Host = { shell: shells[0]!, tools: field.tools, run: '0run1', ...(files && { files }) };
    let error: unknown;
    try {
      assert.equal(converge(host, module, args(field.directory)).kind, 'change');
    } catch (thrown) {
      // What he spoils is his loss, as long as it harms no one else.
      error = thrown;
    }
    assert.equal(field.ofRoot(), stock, `before program ${turn}`);
    return { started: field.started(), error };
  } finally {
    field.remove();
  }
}
