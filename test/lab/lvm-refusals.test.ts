import assert from 'node:assert/strict';
import { diskHash, disks } from './disk-hash.ts';
import { gptStart } from './gpt.ts';
import { explain, fine, mistake, play, type Run, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { startTestLab } from './test-lab.ts';

const { data, empty } = disks;
const consent = ['--allow', 'data-loss'];

/** A command that writes a partition table over the disk. */
function gpt(partitions: 0 | 1): string {
  const bytes = gptStart(2 * 2 ** 30, partitions).toString('base64');
  return `blkdiscard -z ${data}; echo ${bytes} | base64 -d | dd of=${data} conv=notrunc`;
}

describe('the role lvm-pool and devices that are not empty, in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'lvm-refusals');
    await lab.save('stock');
  });
  afterEach(async () => await lab.restore('stock'));
  after(async () => await lab?.stop());

  async function pool(device: string, more: object, ...given: string[]): Promise<Run> {
    return await play(lab, rolePlay('lvm-pool', { vg: 'vmpool', devices: [device], ...more }), ...given);
  }

  /**
   * Runs the role on the disk that carries data: it must refuse, and every byte of the disk stay
   * what it was.
   */
  async function refused(more: object, ...given: string[]): Promise<string> {
    const before = await diskHash(lab, 'data');
    const said = refusal(await pool(data, more, ...given));
    assert.equal(await diskHash(lab, 'data'), before, 'the disk is not what it was');
    assert.equal(await lab.sh('vgs --noheadings -o vg_name -S vg_name=vmpool'), '');
    return said;
  }

  const states: { what: string; make: string; says: RegExp }[] = [
    { what: 'a file system', make: ':', says: /it has ext4 on it/ },
    { what: 'a mounted file system', make: `mount -o ro ${data} /mnt`, says: /is mounted on \/mnt/ },
    { what: 'swap in use', make: `mkswap -f ${data}; swapon ${data}`, says: /is used as swap/ },
    { what: 'swap space', make: `mkswap -f ${data}`, says: /it has swap on it/ },
    { what: 'a GPT without partitions', make: gpt(0), says: /it has (PMBR|gpt|, )+ on it/ },
    { what: 'partitions', make: `${gpt(1)}; blockdev --rereadpt ${data}`, says: /has partitions: vdc1/ },
    { what: 'a physical volume', make: `wipefs -qa ${data}; pvcreate -q ${data}`, says: /LVM2_member/ },
    { what: 'another group', make: `wipefs -qa ${data}; vgcreate -q other ${data}`, says: /volume group other/ },
    {
      what: 'bytes without a signature',
      make: `blkdiscard -z ${data}; printf 'a raw database' | dd of=${data} bs=1 seek=700000 conv=notrunc`,
      says: /data that no signature explains/,
    },
  ];
  for (const { make, says, what } of states) {
    it(`refuses ${what}, whatever is allowed`, async () => {
      await lab.sh(`(${make}) >&2; udevadm settle`);
      assert.match(await refused({}, ...consent), says);
    });
  }

  it('refuses a disk with another serial number, and a name that may mean another disk', async () => {
    const other = await refused(
      { allow_wipe: { [data]: ['ext4'] }, confirm_serial: { [data]: 'HWDATA1' } },
      ...consent,
    );
    assert.match(other, /does not have the serial number that confirm_serial states\nIt has HWDATA2/);
    assert.match(mistake(await pool('/dev/vdb', {})), /\/dev\/vdb may be another disk after the next boot/);
    assert.equal(await lab.sh('pvs --noheadings'), '');
  });

  it('wipes only with both allow_wipe and --allow data-loss, and the right signatures', async () => {
    const wipe = { allow_wipe: { [data]: ['ext4'] } };
    assert.match(await refused(wipe), /it needs consent: data-loss of .*HWDATA2/);
    assert.match(await refused({ allow_wipe: { [data]: ['xfs'] } }, ...consent), /allow_wipe names xfs for it/);
    const check = await pool(data, wipe, '--check');
    assert.match(refusal(check), /it needs consent: data-loss/, explain(check));
    fine(await pool(data, wipe, ...consent));
    assert.equal(await lab.sh(`vgs --noheadings -o pv_name vmpool | xargs readlink -f`), '/dev/vdc');
    assert.notEqual(await lab.sh('ls -A /var/lib/hostwright/backup/wiped'), '', 'the first and last MiB are kept');
  });

  it('takes the empty disk next to it', async () => {
    const before = await diskHash(lab, 'data');
    fine(await pool(empty, { confirm_serial: { [empty]: 'HWDATA1' } }));
    assert.equal(await lab.sh('vgs --noheadings -o vg_name | xargs'), 'vmpool');
    assert.equal(await diskHash(lab, 'data'), before);
  });
});
