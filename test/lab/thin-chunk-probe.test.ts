import assert from 'node:assert/strict';
import { converged, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { startTestLab } from './test-lab.ts';

const quick = { vg: 'vmpool', size: '64M', samples: 2, runtime: 1, ramp: 0, candidates: ['64K', '1M'] };

describe('the role thin-chunk-probe in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'thin-chunk-probe');
    await lab.sh('vgcreate -q vmpool /dev/disk/by-id/virtio-HWDATA1; lvcreate -q -y -n guest -L 64M vmpool');
  });
  after(async () => await lab?.stop());

  function probe(more: object = {}): object[] {
    return rolePlay('thin-chunk-probe', { ...quick, ...more });
  }

  it('measures, names a size, and leaves the other volumes alone', async () => {
    const before = await lab.sh('lvs --noheadings -o lv_name,lv_uuid vmpool; md5sum /dev/vmpool/guest');
    converged(await play(lab, probe(), '--check'));
    // A killed run has left its volume.
    await lab.sh('lvcreate -q -y -n hostwright_chunk_probe --addtag hostwright_chunk_probe -L 8M vmpool');
    const { message } = converged(await play(lab, probe())).result('The chunk size that suits');
    assert.match(message, /64 KiB: write [\d.]+ MiB\/s .*1 MiB: write .*within 95 % of the best: (64 KiB|1 MiB)$/);
    assert.equal(await lab.sh('lvs --noheadings -o lv_name,lv_uuid vmpool; md5sum /dev/vmpool/guest'), before);
  });

  it('takes no volume of somebody else that has its name, and no group without room', async () => {
    await lab.sh('lvcreate -q -y -n hostwright_chunk_probe -L 8M vmpool');
    const hash = await lab.sh('md5sum /dev/vmpool/hostwright_chunk_probe');
    assert.match(refused(await play(lab, probe())), /already exists/);
    assert.equal(await lab.sh('md5sum /dev/vmpool/hostwright_chunk_probe'), hash);
    assert.match(refusal(await play(lab, probe({ size: '100G' }))), /do not fit in vmpool/);
    assert.match(refusal(await play(lab, probe({ vg: 'nowhere' }))), /the volume group nowhere does not exist/);
  });

  /** It was tried, and LVM said no. */
  function refused({ code, events }: Awaited<ReturnType<typeof play>>): string {
    assert.equal(code, 2);
    return events.flatMap(event => (event.type === 'task.finished' ? [event.result.message] : [])).join('\n');
  }
});
