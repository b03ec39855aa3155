import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { play } from '../run/engine.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';

describe('a task with async, over SSH', function () {
  this.timeout(120_000);
  let farm: Farm;
  let folder: string;
  before(async () => {
    farm = await startFarm({ hosts: 1 });
    folder = mkdtempSync(join(tmpdir(), 'hw-async-'));
  });
  after(async () => {
    await farm.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Drops the link, and all that runs in its sessions, once a file is there. */
  async function playWithDrops(text: string, files: readonly string[]) {
    const left = [...files];
    const drop = setInterval(() => {
      if (left[0] !== undefined && existsSync(join(folder, left[0])) && farm.dropConnections('host1') > 0) left.shift();
    }, 20);
    try {
      const run = await play(text, { inventory: [farm.inventoryFile], connection: 'ssh' });
      assert.deepEqual(left, [], 'a link was not dropped');
      return run;
    } finally {
      clearInterval(drop);
    }
  }

  it('goes on while the link is down, and its result comes through', async () => {
    const run = await playWithDrops(
      `
- hosts: host1
  tasks:
    - name: it
      shell: "echo $PPID; touch ${folder}/one; sleep 2; touch ${folder}/two; sleep 2; echo end >>${folder}/end"
      async: 30
      poll: 1
    - {name: after, command: "true"}
`,
      ['one', 'two'],
    );
    assert.equal(run.result('it').status, 'changed');
    assert.equal(run.result('it').fields.rc, 0);
    assert.equal(run.exitCode, 0);
    // It ran once.
    assert.equal(readFileSync(join(folder, 'end'), 'utf8'), 'end\n');
  });

  it('with poll 0 is asked over another connection', async () => {
    const run = await playWithDrops(
      `
- hosts: host1
  tasks:
    - {name: start, shell: "touch ${folder}/three; sleep 2; echo well", async: 30, poll: 0, register: job}
    - {name: pause, shell: {cmd: sleep 1, reads: true}}
    - {name: wait, async_status: {jid: "{{ job.ansible_job_id }}"}, register: r, until: r.finished, delay: 0.5, retries: 20}
    - {name: clean, async_status: {jid: "{{ job.ansible_job_id }}", mode: cleanup}}
`,
      ['three'],
    );
    assert.equal(run.result('wait').fields.stdout, 'well');
    assert.equal(run.exitCode, 0);
  });
});
