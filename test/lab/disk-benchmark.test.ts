import assert from 'node:assert/strict';
import { diskHash, disks } from './disk-hash.ts';
import { converged, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { startTestLab } from './test-lab.ts';

const images = '/var/lib/libvirt/images';
const quick = { size: '16M', samples: 2, runtime: 1, ramp: 0, profiles: ['crystal-rnd4k-q1-read', 'random-8k-write'] };

describe('the role disk-benchmark in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'disk-benchmark');
  });
  after(async () => await lab?.stop());

  function bench(path: string, more: object = {}): object[] {
    return rolePlay('disk-benchmark', { path, ...quick, ...more });
  }

  it('measures a file and a volume, and leaves the host as it was', async () => {
    await lab.sh('vgcreate -q vmpool /dev/disk/by-id/virtio-HWDATA1; lvcreate -q -y -n probe -L 64M vmpool');
    const before = await lookAt(lab);
    const check = converged(await play(lab, bench(`${images}/bench`), '--check'));
    assert.deepEqual(check.unknown.includes('What it came to'), true);
    await assertUntouched(lab, before, 'check mode');
    for (const path of [`${images}/bench`, '/dev/vmpool/probe']) {
      const run = converged(await play(lab, bench(path)));
      const told = Object.values(run.items('What it came to')).map(({ message }) => message);
      assert.match(told[0]!, /read [\d.]+ MiB\/s ± [\d.]+ %, [1-9]\d* requests\/s/);
      assert.match(told[1]!, /write [\d.]+ MiB\/s ± [\d.]+ %, [1-9]\d* requests\/s/);
    }
    const paths = [`${images}/bench`, '/dev/vmpool/probe'];
    const load = { rw: 'randrw', rwmixread: 50, bs: '8K', iodepth: 32 };
    const run = converged(await play(lab, bench(paths[0]!, { path: null, paths, load })));
    assert.match(
      Object.values(run.items('What it came to'))[0]!.message,
      /^own load: read [\d.]+ MiB.*; write [\d.]+ MiB/,
    );
    assert.equal(await lab.sh(`ls ${images} | grep bench || :`), '');
    assert.equal(await lab.sh('head -c 1M /dev/vmpool/probe | tr -d "\\0" | wc -c'), '0');
  });

  it('writes to no device that carries data, and disturbs no guest without consent', async () => {
    const hash = await diskHash(lab, 'data');
    assert.match(refusal(await play(lab, bench(disks.data, { profiles: ['random-8k-write'] }))), /has ext4 on it/);
    assert.equal(await diskHash(lab, 'data'), hash);
    await lab.sh('virsh -q start vm1');
    assert.match(
      refusal(await play(lab, bench(`${images}/bench`, { profiles: ['random-4k-read'] }))),
      /it needs consent: service-interruption .* 1 guest runs here/,
    );
  });
});
