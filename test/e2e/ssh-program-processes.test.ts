import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openSession } from '../../src/connections/session.ts';
import { connectSshProgram } from '../../src/connections/ssh-program/ssh-program.ts';
import { sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';
import { leftBySsh } from './left-by-ssh.ts';
import { targetOf } from './target.ts';

describe('the processes of the connection openssh', function () {
  this.timeout(120_000);
  let farm: Farm;
  let folder: string;
  let scratch: string | undefined;

  beforeEach(() => {
    // A name that would be a pattern of more than itself.
    folder = mkdtempSync(join(tmpdir(), 'hw-+(processes-'));
    scratch = process.env.TMPDIR;
    process.env.TMPDIR = folder;
  });
  afterEach(async () => {
    await farm.stop();
    rmSync(folder, { recursive: true, force: true });
    if (scratch === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = scratch;
  });

  async function until(test: () => boolean): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!test() && Date.now() < deadline) await setTimeout(20);
    assert.ok(test(), left().join('\n'));
  }
  const left = () => leftBySsh(folder);
  /** How many programs with these words run. */
  const running = (words: string) => spawnSync('pgrep', ['-cfx', words], { encoding: 'utf8' }).stdout.trim();

  it('end with their channels, also where a program of the host holds the output', async () => {
    farm = await startFarm({ hosts: 1 });
    const connection = await connectSshProgram(targetOf(farm, { connection: 'openssh' }));
    try {
      const session = await openSession(connection, { timeout: 10 });
      // More than the channels that may be open at once.
      for (let turn = 0; turn < 10; turn++) {
        const it = script({ it: sh`sleep 43.625 & sleep 0.1` });
        await session.run(it, { limit: 10, watched: true });
      }
      assert.equal(running('sleep 43.625'), '10');
    } finally {
      connection.close();
      spawnSync('pkill', ['-fx', 'sleep 43.625']);
    }
  });

  it('end with the connection, also where sshd allows one session a connection', async () => {
    farm = await startFarm({ hosts: 1, config: ['MaxSessions 1'] });
    const connection = await connectSshProgram(targetOf(farm, { connection: 'openssh' }));
    try {
      await openSession(connection, { timeout: 10 });
      const second = await openSession(connection, { timeout: 10 });
      const lost = assert.rejects(second.run(script({ it: sh`sleep 33.75` }), { limit: 30 }));
      await until(() => running('sleep 33.75') === '1');
      connection.close();
      await lost;
      await connection.closed;
      await until(() => left().length === 0);
    } finally {
      spawnSync('pkill', ['-fx', 'sleep 33.75']);
    }
  });

  it('end where Hostwright is killed, also where sshd allows one session a connection', async () => {
    farm = await startFarm({ hosts: 1, config: ['MaxSessions 1'] });
    const playbook = join(folder, 'playbook.yml');
    const [first, second] = ['{command: "true"}', '{command: sleep 33.5, become: true, become_method: su}'];
    writeFileSync(playbook, `- {hosts: all, gather_facts: false, tasks: [${first}, ${second}]}\n`);
    const words = ['bin/hostwright.js', 'play', playbook, '-i', farm.inventoryFile, '-c', 'openssh'];
    const child = spawn(process.execPath, words, { stdio: 'ignore' });
    try {
      await until(() => running('sleep 33.5') === '1');
      // The master, and the one that has a connection of its own.
      assert.ok(left().filter(line => line.includes('ControlMaster=no')).length >= 2, left().join('\n'));
      child.kill('SIGKILL');
      await until(() => left().length === 0);
    } finally {
      child.kill('SIGKILL');
      spawnSync('pkill', ['-fx', 'sleep 33.5']);
    }
  });
});
