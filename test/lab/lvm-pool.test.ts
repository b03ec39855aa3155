import assert from 'node:assert/strict';
import { disks } from './disk-hash.ts';
import { converged, fine, mistake, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

describe('the role lvm-pool in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'lvm-pool');
    await lab.save('stock');
  });
  after(async () => await lab?.stop());

  function pool(more: object): object[] {
    return rolePlay('lvm-pool', { vg: 'vmpool', devices: [disks.empty], ...more });
  }

  it('makes the group and its volumes, and fixes a read-ahead', async () => {
    await proveRole(lab, {
      playbook: 'playbooks/lvm-pool.yml',
      proof: async () => {
        assert.equal(await lab.sh('vgs --noheadings --units m -o vg_name,vg_extent_size | xargs'), 'vmpool 256.00m');
        assert.equal(
          await lab.sh('lvs --noheadings --units m --separator , -o lv_name,lv_size,lv_read_ahead vmpool | xargs'),
          'vm1,2048.00m,0m vm2,2048.00m,0m',
        );
        assert.equal(await lab.sh('blockdev --getra /dev/vmpool/vm1 /dev/vmpool/vm2 | xargs'), '0 0');
        assert.match(await lab.sh('dmsetup table vmpool-vm1'), /^0 4194304 linear /);
      },
      disturb: async () => {
        await lab.sh('lvchange -r 256 vmpool/vm1; blockdev --setra 512 /dev/vmpool/vm2');
      },
      fixes: ['Thick volumes are there [vm1]', 'Thick volumes are there [vm2]'],
    });
  });

  it('never shrinks a volume, and grows it only when told to', async () => {
    await lab.sh('mkfs.ext4 -q /dev/vmpool/vm1');
    const before = await lookAt(lab);
    const said = refusal(await play(lab, pool({ volumes: [{ name: 'vm1', size: '1G' }] })));
    assert.match(said, /vmpool\/vm1 has 8 extents .*never shrunk/);
    assert.match(refusal(await play(lab, pool({ volumes: [{ name: 'vm1', size: '3G' }] }))), /less than 12 extents/);
    await assertUntouched(lab, before, 'the refused run');
    const volumes = [{ name: 'vm1', size: '3G', grow: true }];
    fine(await play(lab, pool({ volumes })));
    converged(await play(lab, pool({ volumes })));
    assert.equal(await lab.sh('blockdev --getsize64 /dev/vmpool/vm1'), String(3 * 2 ** 30));
    await lab.sh('e2fsck -fn /dev/vmpool/vm1');
  });

  it('has volumes whose discards take nothing from their snapshots', async () => {
    await lab.sh('lvcreate -q -s -n before -L 64M vmpool/vm1');
    const hash = await lab.sh('head -c 32M /dev/vmpool/before | md5sum');
    await lab.ssh('blkdiscard -f -l 16M /dev/vmpool/vm1');
    assert.equal(await lab.sh('head -c 32M /dev/vmpool/before | md5sum'), hash);
  });

  it('makes a thin pool with its chunk size and zeroing, and fixes the zeroing', async () => {
    await lab.restore('stock');
    const thin = {
      packages: ['lvm2', 'thin-provisioning-tools'],
      thin_pool: { name: 'thin', size: '4G', chunk_size: '512K' },
      volumes: [{ name: 'vm1', size: '2G', thin: true }],
    };
    await proveRole(lab, {
      playbook: pool(thin),
      proof: async () => {
        const fields = 'lv_name,chunk_size,zero,discards,lv_when_full';
        assert.equal(
          await lab.sh(`lvs --noheadings --units k --separator , -o ${fields} vmpool/thin | xargs`),
          'thin,512.00k,zero,passdown,error',
        );
        // A block of 1024 sectors, and no "skip_block_zeroing".
        assert.match(
          await lab.sh('dmsetup table vmpool-thin-tpool'),
          / thin-pool \S+ \S+ 1024 \d+ 1 error_if_no_space/,
        );
        assert.match(await lab.sh('dmsetup table vmpool-vm1'), /^0 4194304 thin /);
        assert.equal(await lab.sh('blockdev --getra /dev/vmpool/vm1'), '0');
        assert.match(await lab.sh('lvmconfig activation/thin_pool_autoextend_threshold'), /=80$/);
      },
      disturb: async () => {
        await lab.sh('lvchange -Zn vmpool/thin');
        await lab.sh("sed -i 's/threshold = 80/threshold = 100/; s/threshold=80/threshold=100/' /etc/lvm/*.conf");
      },
      fixes: ['Thin pools grow before they are full', 'The thin pool is there'],
    });
    const other = { ...thin, thin_pool: { ...thin.thin_pool, chunk_size: '4M' } };
    assert.match(refusal(await play(lab, pool(other))), /chunk/);
  });

  it('skips the zeroing of chunks only where all guests are of one tenant', async () => {
    await lab.restore('stock');
    const thin = { thin_pool: { name: 'thin', size: '4G', chunk_size: '4M', zero: false } };
    const packages = ['lvm2', 'thin-provisioning-tools'];
    // It is known before the first connection: a mistake in the playbook.
    assert.match(mistake(await play(lab, pool({ ...thin, packages }))), /single_tenant: true/);
    assert.equal(await lab.sh('vgs --noheadings'), '');
    fine(await play(lab, pool({ ...thin, packages, single_tenant: true })));
    assert.match(await lab.sh('dmsetup table vmpool-thin'), / 8192 \d+ \d skip_block_zeroing/);
  });
});
