import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fine, play } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { startTestLab } from './test-lab.ts';

describe('the benchmark in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'benchmark');
    await lab.startGuest('vm1');
  });
  after(async () => await lab?.stop());

  it('measures, tunes, measures again, and reports figures next to what was changed', async () => {
    const html = join(lab.directory, 'benchmark.html');
    const vars = {
      ...{ profiles: ['random-4k-read', 'random-8k-write'], size: '16M', samples: 2, runtime: 1, ramp: 0 },
      tuned_guests: [{ name: 'vm1', iothreads: 1, disks: { vda: { iothread: 1 } } }],
      html_report: html,
    };
    const consent = ['--allow', 'service-interruption,guest-restart'];
    const run = fine(await play(lab, 'playbooks/benchmark.yml', '-e', JSON.stringify(vars), ...consent));
    const rows = Object.values(run.items('Before and after')).map(({ message }) => message);
    assert.equal(rows.length, 2);
    for (const row of rows) assert.match(row, /: [1-9]\d* ± \d+ requests\/s before, [1-9]\d* ± \d+ after: [+-]\d+ %$/);
    const tuned = Object.values(run.items('What was tuned')).map(({ message }) => message);
    assert.ok(
      tuned.some(text => /vm1, disk vda: virtio -> virtio cache=none .*iothread=1/.test(text)),
      tuned.join('\n'),
    );
    assert.match(run.result('What to think of it').message, /virtual itself: its figures say nothing of another/);
    // The guest has it by now: it was restarted before the second measurement.
    assert.match(await lab.sh('virsh dumpxml vm1'), /cache='none'.*iothread='1'/);
    assert.equal(await lab.sh('ls /var/lib/libvirt/images | grep fio || :'), '');

    const report = readFileSync(html, 'utf8');
    assert.equal(report.match(/<rect class="(before|after)"/g)?.length, 4);
    assert.match(report, new RegExp(`<td>${/^\S+ \(read\)/.exec(rows[0]!)![0].replace(/[()]/g, '\\$&')}</td>`));
    assert.match(report, /<tr class="differs"><td>vm1: disk vda<\/td><td>virtio<\/td><td>virtio cache=none/);
    assert.match(report, /Linux \d+\.\d+\S*, libvirt \d+\.\d+\.\d+, QEMU \d+/);
    assert.match(report, /<p class="note">This machine is virtual itself/);
  });
});
