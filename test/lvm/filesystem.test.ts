import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesystem } from '../../src/modules/filesystem/filesystem.ts';
import { applyChange, decideNow } from '../kvm/converge.ts';
import { check, converge, shells } from '../modules/converge.ts';
import { type Disk, hashOf, loopDisks, writeTo } from './loop-disks.ts';

const size = 400 * 2 ** 20;
const uuid = '11112222-3333-4444-5555-666677778888';

/** ext4 asks for CAP_SYS_RESOURCE, which root in a container does not always have. */
const capabilities = BigInt(`0x${/CapEff:\s*(\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`);
const mayGrowMounted = ((capabilities >> 24n) & 1n) === 1n;

describe('a file system on loop devices', function () {
  this.timeout(60_000);
  const disks = loopDisks(['mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs', 'mkfs.vfat', 'mkswap']);

  function args({ device }: Disk, more: object = {}): object {
    return { dev: device, fstype: 'ext4', allow_kernel_names: true, ...more };
  }

  function refusal(made: Disk, more: object = {}): string {
    const before = hashOf(made.image);
    const decision = check({ shell: ['sh'] }, filesystem, args(made, more));
    assert.equal(hashOf(made.image), before, 'the image has changed');
    assert.equal(decision.kind, 'refuse', `it decided ${JSON.stringify(decision)}`);
    return decision.kind === 'refuse' ? decision.message : '';
  }

  function fact(device: string, key: string): string {
    return execFileSync('blkid', ['-p', '-s', key, '-o', 'value', device], { encoding: 'utf8' }).trim();
  }

  for (const shell of shells) {
    const host = { shell };
    it(`is made, found, wiped by hand and made again (${shell.join(' ')})`, () => {
      const made = disks.disk('ext4', size);
      const given = args(made, { opts: "-m 0 -L 'a b'", uuid });
      const stock = hashOf(made.image);
      assert.equal(check(host, filesystem, given).kind, 'change');
      assert.equal(hashOf(made.image), stock, 'check mode changed something');
      for (const round of [1, 2]) {
        const decision = converge(host, filesystem, given);
        assert.equal(decision.kind, 'change', `round ${round}`);
        assert.deepEqual(decision.kind === 'change' && decision.hazards, []);
        assert.equal(fact(made.device, 'TYPE'), 'ext4');
        assert.equal(fact(made.device, 'UUID'), uuid);
        assert.equal(fact(made.device, 'LABEL'), 'a b');
        const after = converge(host, filesystem, given);
        assert.equal(after.kind, 'ok');
        assert.deepEqual(after.kind === 'ok' && after.result, {
          dev: made.device,
          fstype: 'ext4',
          uuid,
          label: 'a b',
          device_size: size,
        });
        // Zeros from one end to the other, as a new disk has them.
        if (round === 1) execFileSync('blkdiscard', ['-f', '-z', made.device], { stdio: 'ignore' });
      }
    });

    for (const fstype of ['ext4', 'xfs']) {
      it(`grows ${fstype}, mounted and unmounted (${shell.join(' ')})`, () => {
        const made = disks.disk(`grow-${fstype}`, size);
        const point = mkdtempSync(join(disks.directory, 'mnt '));
        const given = args(made, { fstype, resizefs: true });
        assert.equal(converge(host, filesystem, given).kind, 'change');
        assert.equal(converge(host, filesystem, given).kind, 'ok');
        execFileSync('mount', [made.device, point]);
        writeFileSync(join(point, 'kept'), 'content');
        if (fstype === 'ext4' && !mayGrowMounted) execFileSync('umount', [point]);
        enlarge(made, size * 2);
        assert.equal(check(host, filesystem, { ...given, resizefs: false }).kind, 'ok');
        const decision = converge(host, filesystem, given);
        assert.deepEqual(decision.kind === 'change' && decision.diff.map(({ before, after }) => before + after), [
          '400 MiB\n800 MiB\n',
        ]);
        assert.equal(converge(host, filesystem, given).kind, 'ok');
        if (fstype === 'ext4' && !mayGrowMounted) execFileSync('mount', [made.device, point]);
        const [kib] = execFileSync('df', ['--output=size', point], { encoding: 'utf8' }).match(/^ *\d+$/m) ?? [];
        assert.ok(Number(kib) > 600 * 2 ** 10, `df shows ${kib} KiB`);
        execFileSync('umount', [point]);
        enlarge(made, size * 3);
        if (fstype === 'xfs') assert.match(refusal(made, { fstype, resizefs: true }), /grows only while it is mounted/);
        else assert.equal(converge(host, filesystem, given).kind, 'change');
        execFileSync(fstype === 'xfs' ? 'xfs_repair' : 'e2fsck', ['-n', made.device], { stdio: 'ignore' });
        execFileSync('mount', [made.device, point]);
        assert.equal(execFileSync('cat', [join(point, 'kept')], { encoding: 'utf8' }), 'content');
        execFileSync('umount', [point]);
      });
    }
  }

  it('makes every kind, and knows each again', () => {
    for (const fstype of ['btrfs', 'ext2', 'ext3', 'swap', 'vfat', 'xfs']) {
      const made = disks.disk(fstype, size);
      const given = args(made, {
        fstype,
        uuid: fstype === 'vfat' ? '12AB-34CD' : uuid,
        ...(fstype === 'vfat' && { opts: '-I' }),
      });
      const host = { shell: ['sh'] };
      assert.equal(converge(host, filesystem, given).kind, 'change', fstype);
      assert.equal(fact(made.device, 'TYPE'), fstype);
      assert.equal(converge(host, filesystem, given).kind, 'ok', fstype);
    }
  });

  it('refuses what is not empty, and wipes only what allow_wipe names exactly', () => {
    const made = disks.disk('xfs', size);
    execFileSync('mkfs.xfs', ['-q', made.device]);
    assert.match(refusal(made), /is not empty: it has xfs on it/);
    assert.match(refusal(made, { allow_wipe: { [made.device]: ['ext4'] } }), /allow_wipe names ext4 for it/);
    assert.match(refusal(made, { fstype: 'xfs', uuid }), /has the UUID .*, not 1111/);
    const decision = converge({ shell: ['sh'] }, filesystem, args(made, { allow_wipe: { [made.device]: ['xfs'] } }));
    assert.deepEqual(decision.kind === 'change' && decision.hazards?.map(({ hazard }) => hazard), ['data-loss']);
    assert.equal(fact(made.device, 'TYPE'), 'ext4');
  });

  it('refuses what is mounted, swap, of LVM, read-only, or has bytes that nothing explains', () => {
    const mounted = disks.disk('mounted', size);
    execFileSync('mkfs.ext4', ['-q', mounted.device]);
    execFileSync('mount', ['-o', 'ro,noload', mounted.device, mkdtempSync(join(disks.directory, 'mnt-'))]);
    const wipe = { allow_wipe: { [mounted.device]: ['ext4'] } };
    assert.match(refusal(mounted, { fstype: 'xfs', ...wipe }), /is mounted on/);
    const volume = disks.disk('volume', size);
    execFileSync('pvcreate', [volume.device], { stdio: 'ignore' });
    assert.match(refusal(volume, { allow_wipe: { [volume.device]: ['LVM2_member'] } }), /is a physical volume of LVM/);
    const bytes = disks.disk('bytes', size);
    writeTo(bytes.device, Buffer.from('a raw database'), size - 512);
    assert.match(refusal(bytes), /data that no signature explains/);
    const locked = disks.disk('locked', size);
    execFileSync('blockdev', ['--setro', locked.device]);
    assert.match(refusal(locked), /is read-only/);
    const swap = disks.disk('swap', size);
    execFileSync('mkswap', [swap.device], { stdio: 'ignore' });
    if (spawnSync('swapon', [swap.device]).status === 0) assert.match(refusal(swap), /is used as swap/);
    assert.match(refusal({ ...swap, device: '/dev/disk/by-id/none' }), /there is no device/);
  });

  it('refuses to grow what is larger than its device', () => {
    const made = disks.disk('cut', size);
    execFileSync('mkfs.ext4', ['-q', made.device]);
    enlarge(made, size / 2);
    assert.match(refusal(made, { resizefs: true }), /has 400 MiB: more than the device/);
  });

  it('leaves with 75 if the device has changed since the probe', () => {
    const made = disks.disk('raced', size);
    const decision = decideNow(filesystem, args(made));
    execFileSync('mkfs.xfs', ['-q', made.device]);
    const before = hashOf(made.image);
    assert.throws(() => decision.kind === 'change' && applyChange(decision), /guard left with 75/);
    assert.equal(hashOf(made.image), before);
  });

  it('leaves with 75 if it was mounted or unmounted since it was to grow', () => {
    const made = disks.disk('grows', size);
    const point = mkdtempSync(join(disks.directory, 'point'));
    execFileSync('mkfs.ext4', ['-q', made.device, '100M']);
    const unmounted = decideNow(filesystem, args(made, { resizefs: true }));
    execFileSync('mount', ['-o', 'ro', made.device, point]);
    const mounted = decideNow(filesystem, args(made, { resizefs: true }));
    const before = hashOf(made.image);
    assert.throws(() => unmounted.kind === 'change' && applyChange(unmounted), /guard left with 75/);
    execFileSync('umount', [point]);
    assert.throws(() => mounted.kind === 'change' && applyChange(mounted), /guard left with 75/);
    assert.equal(hashOf(made.image), before);
  });

  it('names the package where the program is missing', () => {
    const made = disks.disk('without', size);
    const decision = check({ shell: ['sh'], without: ['mkfs.ext4'] }, filesystem, args(made));
    assert.match(JSON.stringify(decision), /cannot tell: mkfs.ext4 is not installed.*e2fsprogs/);
  });
});

function enlarge({ image, device }: Disk, bytes: number): void {
  truncateSync(image, bytes);
  execFileSync('losetup', ['-c', device]);
}
