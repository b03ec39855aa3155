import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { buildProgram } from '../../scripts/program.ts';
import { execute } from './execute.ts';
import { fine, play, rolePlay } from './hostwright.ts';
import { sshAccess } from './instance.ts';
import type { Lab } from './lab.ts';
import { sshArguments } from './ssh.ts';
import { startTestLab } from './test-lab.ts';

const state = '/mnt/state/hostwright';
const exports = [
  { path: '/srv/state', clients: [{ to: '127.0.0.1', options: 'rw,sync,no_wdelay,no_subtree_check,no_root_squash' }] },
];
const mounts = [{ source: '127.0.0.1:/srv/state', path: '/mnt/state' }];
const waits = /^Waiting for the disk of \/mnt\/state\/hostwright.*, which does not answer, for up to 180 s\.$/m;

const playbook = `
- hosts: all
  tasks:
    - shell: touch /root/began; until [ -e /root/go ]; do sleep 0.2; done
`;
const second = '    - shell: touch /root/second';

/** Node and this program, as it is installed, in the lab's /opt. */
async function install(lab: Lab): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hw-built-'));
  try {
    buildProgram(folder);
    const words = ['-chC', folder, 'bin', 'dist', 'package.json', '-C', join(process.execPath, '..'), 'node'];
    const input = execFileSync('tar', words, { maxBuffer: 2 ** 30 });
    const unpack = 'mkdir -p /opt/hw && tar -xC /opt/hw --no-same-owner';
    const { code, stderr } = await execute('ssh', [...sshArguments(sshAccess(lab)), unpack], { input });
    assert.equal(code, 0, stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a state folder on NFS', function () {
  this.timeout(1_800_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'nfs-state');
    await lab.sh('mkdir -p /srv/state /etc/nfs.conf.d');
    // A server that was started again would wait for clients of before for a minute and a half.
    await lab.sh(String.raw`printf '[nfsd]\ngrace-time=10\nlease-time=10\n' > /etc/nfs.conf.d/lab.conf`);
    fine(await play(lab, rolePlay('nfs-storage', { exports, mounts })));
    await install(lab);
    await lab.ssh('cat >/root/play.yml', 'root', `${playbook}${second}\n`);
  });
  after(async () => await lab?.stop());

  const program = (words: string) => `/opt/hw/node /opt/hw/bin/hostwright.js ${words} --state ${state}`;

  async function history(): Promise<readonly { readonly status: string; readonly edited: boolean }[]> {
    return (await lab.sh(program('history --json'))).split('\n').map(line => JSON.parse(line));
  }
  async function until(condition: string, limit: number): Promise<void> {
    for (const end = performance.now() + limit * 1000; (await lab.ssh(condition)).code !== 0; await setTimeout(500))
      assert.ok(performance.now() < end, `not within ${limit} s: ${condition}`);
  }

  /** Starts a play as a service, and stops the server of its journal while a task of it runs. */
  async function playWithoutServer(): Promise<void> {
    await lab.sh('rm -f /root/began /root/go /root/out /root/err /root/second; systemctl reset-failed; true');
    const files = '-p StandardOutput=file:/root/out -p StandardError=file:/root/err -p Environment=HOME=/root';
    await lab.sh(`systemd-run -q -r -u play ${files} ${program('play /root/play.yml -i localhost,')}`);
    await until('[ -e /root/began ]', 120);
    await lab.sh('systemctl stop nfs-server; touch /root/go');
    await until(`grep -q 'Waiting for the disk' /root/err`, 60);
    assert.match(await lab.sh('cat /root/err'), waits);
  }
  /** How the process of the play ended, as a shell has it. */
  async function ended(limit: number): Promise<number> {
    await until('! systemctl -q is-active play || [ "$(systemctl show -P SubState play)" = exited ]', limit);
    const [code, status] = (await lab.sh('systemctl show -P ExecMainCode -P ExecMainStatus play')).split('\n');
    await lab.sh('systemctl stop play; true');
    return code === '1' ? Number(status) : 128 + Number(status);
  }

  it('takes the journals of runs, also of two at once', async () => {
    const one = program(`run localhost command 'sleep 1'`);
    await lab.sh(`(${one}) & (${one}) & wait`);
    await lab.sh(program('run localhost command true'));
    const runs = await history();
    assert.equal(runs.length, 3);
    assert.equal(runs[0]?.status, 'changed');
    assert.ok(runs.every(({ status, edited }) => status !== 'cut' && !edited));
    assert.equal(await lab.sh(`stat -f -c %T ${state}/index.db`), 'nfs');
  });

  it('keeps a run waiting while its server does not answer, with a word', async () => {
    await playWithoutServer();
    await lab.sh('systemctl start nfs-server');
    assert.equal(await ended(120), 0, await lab.sh('cat /root/out /root/err'));
    assert.equal((await history())[0]?.status, 'changed');
    await lab.sh('[ -e /root/second ]');
  });

  it('keeps it waiting also once all is done, and the journal is whole', async () => {
    await lab.sh(`sed -i '/second/d' /root/play.yml`);
    await playWithoutServer();
    await lab.sh('systemctl start nfs-server');
    assert.equal(await ended(120), 0, await lab.sh('cat /root/out /root/err'));
    assert.equal((await history())[0]?.status, 'changed');
  });

  it('is given up at the limit: nothing more is done, and the process ends as soon as Linux lets it', async () => {
    await lab.sh(`echo '${second}' >>/root/play.yml`);
    await playWithoutServer();
    await until('grep -q "^A disk still does not answer: this process is killed" /root/err', 240);
    const said = await lab.sh('cat /root/err');
    assert.match(said, /cannot be written in .*: its disk has not answered for 180 s\. Tasks under way are finished/);
    await lab.sh('! [ -e /root/second ]');
    const { stderr } = await lab.ssh(`timeout -s INT -k 5 30 ${program('history')}`);
    assert.match(stderr, waits);
    await lab.sh('systemctl start nfs-server');
    // A client of NFS asks a server that was away for long less and less often.
    assert.equal(await ended(400), 137);
    assert.equal((await history())[0]?.status, 'cut');
  });
});
