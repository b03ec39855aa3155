import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { exitCodes } from '../../src/errors.ts';
import { runIds } from '../../src/journal/folder.ts';
import { eventsFile } from '../journal/scratch.ts';
import { program } from '../program.ts';
import { cli } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { startTestLab } from './test-lab.ts';

const unit = `[Service]
Type=oneshot
ExecStart=/bin/sh -c "echo one >>/root/boots"
[Install]
WantedBy=multi-user.target`;

const name = 'Reboot for the command line';

/** The role reboots in a handler, and starts the guests that ran in another one. */
const playbook = `
- hosts: hypervisors
  tasks:
    - {name: Before, shell: echo before >>/root/log}
    - include_role: {name: kernel-cmdline}
      vars: {parameters: {mitigations: auto}}
    - {name: After, shell: echo after >>/root/log}
`;

describe('a run that is killed while its host reboots', function () {
  this.timeout(1_200_000);
  let lab: Lab;
  let state: string;
  let file: string;

  before(async function () {
    lab = await startTestLab(this, 'resume');
    [state, file] = [join(lab.directory, 'state'), join(lab.directory, 'reboots.yml')];
    writeFileSync(file, playbook);
    await lab.sh(`printf '%s\\n' '${unit}' >/etc/systemd/system/boots.service && systemctl enable -q boots`);
  });
  after(async () => await lab?.stop());

  /** Starts the play, and kills it once the change of the reboot was sent. */
  async function killed(): Promise<void> {
    const consent = ['--allow', 'reboot,guest-restart'];
    const options = ['-i', lab.inventoryFile, ...consent, '--state', state, '--task-timeout', '1800'];
    const child = spawn(process.execPath, [program, 'play', file, ...options], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    const isSent = () => new RegExp(`"task.changing"[^\n]*"name":"${name}"`).test(journal());
    for (let tries = 0; !isSent(); tries += 1) {
      assert.ok(tries < 1200 && child.exitCode === null, `it has not come to the reboot: ${journal()}`);
      await setTimeout(100);
    }
    const isOff = () =>
      lab.sh('virsh domstate vm1').then(
        state => state === 'shut off',
        () => true,
      );
    for (let tries = 0; !(await isOff()); tries += 1) {
      assert.ok(tries < 300, 'the guest was not shut down');
      await setTimeout(1000);
    }
    // The host goes down once its guests are off.
    await setTimeout(5000);
    child.kill('SIGKILL');
    await ended;
  }

  /** Resumes until the host is back: a run does not wait for a host that it has not reached. */
  async function resumed(): ReturnType<typeof cli> {
    for (let tries = 1; ; tries += 1) {
      const ended = await cli(['resume', 'last', '--state', state, '--output', 'lines']);
      if (ended.code !== exitCodes.unreachable || tries === 20) return ended;
    }
  }

  function journal(): string {
    const id = existsSync(state) ? runIds(state).at(-1) : undefined;
    const events = id === undefined ? '' : eventsFile(state, id);
    return existsSync(events) ? readFileSync(events, 'utf8') : '';
  }

  it('is continued once the host is back, which is not rebooted again', async () => {
    const bootId = () => lab.sh('cat /proc/sys/kernel/random/boot_id');
    const boot = await bootId();
    await lab.startGuest('vm1');
    await killed();
    const { code, stdout, stderr } = await resumed();
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      stdout,
      /changed +handler kernel-cmdline: Reboot for the command line — done by the run \w+ before it was cut/,
    );
    assert.equal(await lab.sh('cat /root/log'), 'before\nafter');
    assert.equal(await lab.sh('virsh domstate vm1'), 'running');
    assert.equal(await lab.sh('cat /root/boots'), 'one');
    assert.notEqual(await bootId(), boot);
    assert.match(await lab.sh('systemctl is-system-running || :'), /^(running|degraded)$/);
  });
});
