import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { Change, Decision } from '../../src/decision.ts';
import { fio } from '../../src/modules/fio/fio.ts';
import { check, converge } from '../modules/converge.ts';
import { hashOf, loopDisks } from './loop-disks.ts';

const host = { shell: ['sh'] };
const load = { load: { rw: 'randwrite', bs: '64K' }, size: '8M', samples: 1, runtime: 1, ramp: 0, direct: false };

/** What is in danger; guests of this machine, which are slowed down, are another matter. */
function dangers(decision: Decision): readonly string[] {
  assert.ok(decision.kind === 'change', JSON.stringify(decision));
  return (decision.hazards ?? []).map(({ hazard }) => hazard).filter(hazard => hazard !== 'service-interruption');
}

describe('fio on loop devices', function () {
  this.timeout(60_000);
  const disks = loopDisks(['fio', 'mkfs.ext4']);

  function given(device: string, more: object = {}): object {
    return { path: device, allow_kernel_names: true, ...load, ...more };
  }

  it('writes to an empty device, which counts as empty afterwards', () => {
    const { device } = disks.disk('empty', 64 * 2 ** 20);
    for (let round = 0; round < 2; round += 1) {
      const decision = converge(host, fio, given(device));
      assert.deepEqual(dangers(decision), []);
      const { write } = (decision as Change).result as { write: { iops_mean: number } };
      assert.ok(write.iops_mean > 0);
    }
  });

  it('writes to no device that carries something, and reads it without a change', () => {
    const { device, image } = disks.disk('data', 64 * 2 ** 20);
    execFileSync('mkfs.ext4', ['-q', device]);
    const before = hashOf(image);
    const refused = check(host, fio, given(device));
    assert.match(refused.kind === 'refuse' ? refused.message : '', /has ext4 on it/);
    assert.equal(converge(host, fio, given(device, { load: { rw: 'randread', bs: '4K' } })).kind, 'change');
    assert.equal(hashOf(image), before, 'the device was written to');
    const named = check(host, fio, given(device, { allow_wipe: { [device]: ['ext4'] } }));
    assert.deepEqual(dangers(named), ['data-loss']);
  });
});
