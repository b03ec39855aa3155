import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lvmConf } from '../../src/modules/lvm_conf/lvm_conf.ts';
import { lvmVolumeGroup } from '../../src/modules/lvm_vg/lvm_vg.ts';
import { applyChange, converge, decideNow } from '../kvm/converge.ts';
import { type Disk, hashOf, loopDisks, writeTo } from './loop-disks.ts';

describe('a volume group on loop devices', function () {
  this.timeout(60_000);
  const disks = loopDisks(['vgcreate', 'wipefs', 'mkfs.ext4']);
  const disk = (name: string) => disks.disk(name);
  let env: Record<string, string> = {};

  before(() => {
    const settings = join(disks.directory, 'etc');
    cpSync('/etc/lvm', settings, { recursive: true });
    env = { LVM_SYSTEM_DIR: settings, LVM_SUPPRESS_FD_WARNINGS: '1' };
  });

  function args(devices: readonly string[], more: object = {}): object {
    return { vg: 'hwtest', devices, allow_kernel_names: true, ...more };
  }

  function refusal(made: Disk, more: object = {}): string {
    const before = hashOf(made.image);
    const decision = decideNow(lvmVolumeGroup, args([made.device], more), { env });
    assert.equal(hashOf(made.image), before, 'the image has changed');
    assert.equal(decision.kind, 'refuse', `it decided ${JSON.stringify(decision)}`);
    return decision.kind === 'refuse' ? decision.message : '';
  }

  it('is made, has the extent size, and is then ok', () => {
    const { device } = disk('fresh');
    const { first, second } = converge(lvmVolumeGroup, args([device]), { env });
    assert.equal(first.kind, 'change');
    assert.equal(second?.kind, 'ok');
    const shown = execFileSync('vgs', ['--noheadings', '--units', 'm', '-o', 'vg_extent_size', 'hwtest'], {
      env: { ...process.env, ...env },
    });
    assert.equal(String(shown).trim(), '256.00m');
    const other = decideNow(lvmVolumeGroup, args([device], { extent_size: '4M' }), { env });
    assert.match(other.kind === 'refuse' ? other.message : '', /has extents of 256 MiB, not 4 MiB/);
  });

  it('takes a second device', () => {
    const [one, two] = [disk('one'), disk('two')];
    converge(lvmVolumeGroup, args([one.device]), { env });
    const { first, second } = converge(lvmVolumeGroup, args([one.device, two.device]), { env });
    assert.equal(first.kind, 'change');
    assert.equal(second?.kind, 'ok');
  });

  it('refuses a group of this name that has none of the devices', () => {
    const [other, own] = [disk('other'), disk('own')];
    execFileSync('vgcreate', ['-s', '256m', 'hwtest', other.device], {
      env: { ...process.env, ...env },
      stdio: 'ignore',
    });
    assert.equal(
      refusal(own),
      `there is a volume group hwtest already, on ${other.device}: none of the named devices is in it`,
    );
    const { first, second } = converge(lvmVolumeGroup, args([own.device], { adopt: true }), { env });
    const [diff] = first.kind === 'change' ? first.diff : [];
    assert.match(diff?.before ?? '', new RegExp(`${other.device}$`, 'm'));
    assert.equal(second?.kind, 'ok');
  });

  it('refuses a file system, mounted or not', () => {
    const made = disk('ext4');
    execFileSync('mkfs.ext4', ['-q', made.device]);
    assert.match(refusal(made), /is not empty: it has ext4 on it/);
    const at = mkdtempSync(join(disks.directory, 'mnt-'));
    if (spawnSync('mount', ['-o', 'ro,noload', made.device, at]).status === 0) {
      assert.match(refusal(made, { allow_wipe: { [made.device]: ['ext4'] } }), /is mounted on/);
      execFileSync('umount', [at]);
    }
  });

  it('refuses bytes that no signature explains, at either end', () => {
    for (const where of [4096, 2 ** 30 + 2 ** 26 - 512]) {
      const made = disk(`bytes-${where}`);
      writeTo(made.device, Buffer.from('ceph or a raw database'), where);
      execFileSync('sync');
      assert.match(refusal(made), /data that no signature explains/);
    }
  });

  it('sees the first and the last byte of the last MiB of a device that is not a multiple of it', () => {
    const size = 2 ** 30 + 1536;
    for (const where of [size - 2 ** 20, size - 1]) {
      const made = disks.disk(`odd-${where}`, size);
      writeTo(made.device, Buffer.from('x'), where);
      execFileSync('sync');
      assert.match(refusal(made), /data that no signature explains/);
      const wiped = args([made.device], { vg: `hw${where}`, allow_wipe: { [made.device]: ['unrecognised'] } });
      assert.equal(converge(lvmVolumeGroup, wiped, { env }).second?.kind, 'ok');
      const kept = readFileSync(`/var/lib/hostwright/backup/wiped/${made.device.slice(1).replace('/', '_')}.last`);
      assert.deepEqual([kept.length, kept.indexOf('x')], [2 ** 20, where - (size - 2 ** 20)]);
    }
  });

  it('refuses a partition table, swap space and another group', () => {
    const gpt = disk('gpt');
    writeTo(gpt.device, gptHeader(), 0);
    assert.match(refusal(gpt), /is not empty: it has (PMBR|dos|gpt|, )+ on it|that no signature explains/);
    const swap = disk('swap');
    execFileSync('mkswap', [swap.device], { stdio: 'ignore' });
    assert.match(refusal(swap), /it has swap on it/);
    const taken = disk('taken');
    execFileSync('vgcreate', ['hwother', taken.device], { env: { ...process.env, ...env }, stdio: 'ignore' });
    assert.match(refusal(taken), /is a physical volume of the volume group hwother/);
    const orphan = disk('orphan');
    execFileSync('pvcreate', [orphan.device], { env: { ...process.env, ...env }, stdio: 'ignore' });
    assert.match(refusal(orphan), /it has LVM2_member on it/);
  });

  it('refuses what is too small, missing, read-only or has another serial number', () => {
    const made = disk('plain');
    assert.match(refusal(made, { confirm_serial: 'X1' }), /does not have the serial number/);
    const absent = decideNow(lvmVolumeGroup, args(['/dev/disk/by-id/none']), { env });
    assert.match(absent.kind === 'refuse' ? absent.message : '', /there is no device/);
    execFileSync('blockdev', ['--setro', made.device]);
    assert.match(refusal(made), /is read-only/);
    execFileSync('blockdev', ['--setrw', made.device]);
  });

  it('wipes only what allow_wipe names exactly, as a step of its own with a hazard', () => {
    const made = disk('wiped');
    execFileSync('mkfs.ext4', ['-q', made.device]);
    assert.match(refusal(made, { allow_wipe: { [made.device]: ['xfs'] } }), /allow_wipe names xfs for it/);
    const { first, second } = converge(
      lvmVolumeGroup,
      args([made.device], { allow_wipe: { [made.device]: ['ext4'] } }),
      { env },
    );
    assert.deepEqual(first.kind === 'change' && first.hazards?.map(hazard => hazard.hazard), ['data-loss']);
    assert.equal(second?.kind, 'ok');
  });

  it('leaves with 75 if the device has changed since the probe', () => {
    const made = disk('raced');
    const decision = decideNow(lvmVolumeGroup, args([made.device]), { env });
    assert.equal(decision.kind, 'change');
    execFileSync('mkfs.ext4', ['-q', made.device]);
    const before = hashOf(made.image);
    assert.throws(() => decision.kind === 'change' && applyChange(decision, { env }), /guard left with 75/);
    assert.equal(hashOf(made.image), before);
  });

  it('writes settings in their sections, validated by LVM', () => {
    const settings = { activation: { thin_pool_autoextend_threshold: 80 }, allocation: { thin_pool_zero: false } };
    const given = { settings, directory: join(disks.directory, 'etc') };
    const { first, second } = converge(lvmConf, given, { env });
    assert.equal(first.kind, 'change');
    assert.equal(second?.kind, 'ok');
    assert.throws(
      () => decideNow(lvmConf, { ...given, settings: { allocation: { nonsense: 1 } } }, { env }),
      /does not know the setting/,
    );
  });
});

/** A protective MBR and the magic of a GPT header. */
function gptHeader(): Buffer {
  const block = Buffer.alloc(1024);
  block.set([0, 0, 2, 0, 0xee, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0xff, 0xff, 0x1f, 0], 446);
  block.set([0x55, 0xaa], 510);
  block.write('EFI PART', 512);
  return block;
}
