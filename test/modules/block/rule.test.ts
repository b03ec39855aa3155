import assert from 'node:assert/strict';
import { ruleText } from '../../../src/modules/block_queue/rule.ts';

describe('udev rules of block_queue', () => {
  const rules = (text: string) => text.split('\n').filter(line => line.includes('SYMLINK') || line.includes('KERNEL'));

  it('end for a disk that is named, so that it takes nothing from its kind', () => {
    const disks = { '/dev/disk/by-id/one': { scheduler: 'none' }, '/dev/disk/by-id/two': {} } as const;
    assert.deepEqual(rules(ruleText({ disks, kinds: { nvme: { scheduler: 'none' } } })).slice(-3), [
      'SYMLINK=="disk/by-id/one", ATTR{queue/scheduler}="none", GOTO="hostwright_block_end"',
      'SYMLINK=="disk/by-id/two", GOTO="hostwright_block_end"',
      'KERNEL=="nvme*", ATTR{queue/scheduler}="none"',
    ]);
  });
});
