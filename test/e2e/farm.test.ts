import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { play } from '../run/engine.ts';
import { flagChanging, flagLook, flagWith } from '../run/flag-module.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';

describe('twenty hosts in one run', function () {
  this.timeout(60_000);
  let farm: Farm;
  let folder: string;
  /** Drops the link of a host at the right moment. */
  let drop: NodeJS.Timeout | undefined;
  before(async () => {
    farm = await startFarm({ hosts: 20, ownHostKeys: true });
    folder = mkdtempSync(join(tmpdir(), 'hw-e2e-'));
  });
  after(async () => {
    await farm.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(() => clearInterval(drop));

  const ssh = () => ({ inventory: [farm.inventoryFile], connection: 'ssh' as const });

  it('each end in one result: one is down, one has another key, one drops the link in the middle of a task', async () => {
    await farm.stopHost('host3');
    const other = readFileSync(farm.knownHosts, 'utf8').replace(
      /^(\[127\.0\.1\.5\]:\d+ \S+ )\S+/m,
      (_, head: string) => {
        const [, key] = /^\[127\.0\.1\.6\]:\d+ \S+ (\S+)/m.exec(readFileSync(farm.knownHosts, 'utf8'))!;
        return head + key;
      },
    );
    writeFileSync(farm.knownHosts, other);
    drop = setInterval(() => {
      if (existsSync(join(folder, 'host7.started')) && farm.dropConnections('host7') > 0) clearInterval(drop);
    }, 20);

    const run = await play(
      `
- hosts: all
  tasks:
    - name: slow
      shell: "touch ${folder}/{{ inventory_hostname }}.started; sleep 1; touch ${folder}/{{ inventory_hostname }}.done"
    - {name: after, copy: {content: "{{ inventory_hostname }}", dest: "${folder}/{{ inventory_hostname }}.txt"}}
`,
      ssh(),
    );

    assert.equal(run.exitCode, 6);
    assert.equal(run.counts('host3').unreachable, 1);
    assert.match(messageOf(run.events, 'host3'), /refused the connection/);
    assert.equal(run.counts('host5').unreachable, 1);
    assert.match(
      messageOf(run.events, 'host5'),
      /The key of host5 is ssh-ed25519 SHA256:.* and not the one at .*known_hosts:5/,
    );
    // What the lost connection left running has ended before anything is said; and it is not run a
    // second time.
    assert.equal(run.results('slow').host7?.message, 'the connection broke in the middle: it may have run');
    assert.ok(existsSync(join(folder, 'host7.done')));
    assert.equal(run.counts('host7').failed, 1);
    const well = farm.hosts.map(({ name }) => name).filter(name => !['host3', 'host5', 'host7'].includes(name));
    for (const name of well) {
      assert.equal(run.results('after')[name]?.status, 'changed', name);
      assert.equal(readFileSync(join(folder, `${name}.txt`), 'utf8'), name);
    }
  });

  it('finds a change that a lost link left complete, and goes on', async () => {
    const module = flagChanging('flag_slow', ({ path, value }) => ({
      apply: script({ write: sh`touch ${`${path}.started`}; sleep 1; printf %s ${value} >${path}` }),
    }));
    const file = join(folder, 'slow');
    drop = setInterval(() => {
      if (existsSync(`${file}.started`) && farm.dropConnections('host9') > 0) clearInterval(drop);
    }, 20);
    const run = await play(
      `- hosts: host9\n  tasks:\n    - {name: it, flag_slow: {path: ${file}, value: new}}\n    - {name: after, debug: {msg: on}}\n`,
      { ...ssh(), modules: [module] },
    );
    assert.equal(run.result('it').status, 'changed');
    assert.equal(run.result('after').status, 'ok');
    assert.equal(run.exitCode, 0);
  });

  it('makes a change again of which nothing was done when the link died, and once only', async () => {
    const file = join(folder, 'again');
    const lossy = (name: string, losses: number) =>
      flagChanging(name, ({ path, value }) => ({
        apply: script({
          write: sh`echo x >>${`${path}.tries`}
if [ "$(wc -l <${`${path}.tries`})" -le ${losses} ]; then touch ${`${path}.now`}; sleep 1; else printf %s ${value} >${path}; fi`,
        }),
      }));
    drop = setInterval(() => {
      if (!existsSync(`${file}.now`)) return;
      farm.dropConnections('host9');
      rmSync(`${file}.now`);
    }, 20);
    const modules = [lossy('flag_once', 1), lossy('flag_always', 9)];
    const run = async (task: string) => {
      const text = `- hosts: host9\n  tasks:\n    - {name: it, ${task}: {path: ${file}, value: new}}\n`;
      const { result } = await play(text, { ...ssh(), modules });
      const tries = readFileSync(`${file}.tries`, 'utf8').length / 2;
      for (const left of [file, `${file}.tries`]) rmSync(left, { force: true });
      return { status: result('it').status, tries };
    };
    assert.deepEqual(await run('flag_once'), { status: 'changed', tries: 2 });
    assert.deepEqual(await run('flag_always'), { status: 'failed', tries: 2 });
  });

  it('asks nothing while what a lost link left still runs', async () => {
    const module = flagChanging('flag_long', ({ path, value }) => ({
      apply: script({
        write: sh`echo x >>${`${path}.tries`}; touch ${`${path}.now`}; sleep 4; printf %s ${value} >${path}`,
      }),
    }));
    const file = join(folder, 'long');
    drop = setInterval(() => {
      if (existsSync(`${file}.now`) && farm.dropConnections('host12') > 0) clearInterval(drop);
    }, 20);
    const text = `- hosts: host12\n  tasks:\n    - {name: it, flag_long: {path: ${file}, value: new}}\n`;
    const { result } = await play(text, { ...ssh(), modules: [module] });
    assert.equal(result('it').status, 'changed');
    assert.equal(readFileSync(`${file}.tries`, 'utf8'), 'x\n', 'the change was made once');
  });

  it('does not make a change again that was half done when the link died, and says what is missing', async () => {
    const module = flagChanging('flag_halved', ({ path, value }) => ({
      apply: script({
        first: sh`echo x >>${`${path}.tries`}; printf half >${path}; touch ${`${path}.now`}; sleep 1; exit 1`,
        second: sh`printf %s ${value} >${path}`,
      }),
    }));
    const file = join(folder, 'halved');
    drop = setInterval(() => {
      if (existsSync(`${file}.now`) && farm.dropConnections('host12') > 0) clearInterval(drop);
    }, 20);
    const text = `- hosts: host12\n  tasks:\n    - {name: it, flag_halved: {path: ${file}, value: new}}\n`;
    const { result } = await play(text, { ...ssh(), modules: [module] });
    assert.equal(result('it').status, 'failed');
    assert.equal(
      result('it').message,
      'the connection broke in the middle, and the change is not complete: holds half',
    );
    assert.equal(result('it').changed, true);
    assert.equal(readFileSync(`${file}.tries`, 'utf8'), 'x\n', 'the change was made once');
    assert.equal(readFileSync(file, 'utf8'), 'half');
  });

  it('keeps a link that one of several hosts has made again for all of them', async () => {
    const file = join(folder, 'shared');
    const module = flagChanging('flag_shared', ({ path, value }) => ({
      apply: script({ write: sh`touch ${`${file}.now`}; sleep 0.3; printf %s ${value} >${path}` }),
    }));
    let dropped = 0;
    drop = setInterval(() => {
      if (dropped === 0 && existsSync(`${file}.now`)) dropped = farm.dropConnections('host9');
    }, 20);
    const text = `- hosts: host1*\n  tasks:\n    - {name: it, delegate_to: host9, flag_shared: {path: "${file}.{{ inventory_hostname }}", value: new}}\n`;
    const run = await play(text, { ...ssh(), modules: [module] });
    assert.ok(dropped > 0);
    const results = Object.values(run.results('it'));
    assert.ok(results.length > 5);
    assert.deepEqual([...new Set(results.map(({ status }) => status))], ['changed']);
  });

  it('asks again where the link dies during a question that only reads', async () => {
    const file = join(folder, 'asked');
    const module = flagWith('flag_asked', {
      look: ({ path }) =>
        flagLook(sh`echo x >>${`${path}.asked`}; sleep 0.7; if [ -e ${path} ]; then cat ${path}; else exit 3; fi`),
    });
    drop = setInterval(() => {
      if (existsSync(`${file}.asked`) && farm.dropConnections('host11') > 0) clearInterval(drop);
    }, 20);
    const run = await play(`- hosts: host11\n  tasks:\n    - {name: it, flag_asked: {path: ${file}, value: new}}\n`, {
      ...ssh(),
      modules: [module],
    });
    assert.equal(run.result('it').status, 'changed');
    assert.equal(readFileSync(`${file}.asked`, 'utf8').trim().split('\n').length, 3, 'asked, asked again, verified');
  });

  it('rescue a host that was lost sight of', async () => {
    const run = await play(
      `
- hosts: host3
  tasks:
    - block:
        - {name: try, command: uptime}
      rescue:
        - {name: note, debug: {msg: it is down}}
`,
      ssh(),
    );
    assert.deepEqual(run.story, ['host3: try unreachable', 'host3: note ok']);
    assert.equal(run.exitCode, 0);
  });
});

function messageOf(events: readonly object[], host: string): string {
  const found = events.find(
    event => 'type' in event && event.type === 'host.unreachable' && 'host' in event && event.host === host,
  );
  return (found as { message?: string } | undefined)?.message ?? '';
}
