import assert from 'node:assert/strict';
import { pidOf } from './guest.ts';
import { converged, fine, play, refusal, rolePlay } from './hostwright.ts';
import type { Lab } from './lab.ts';
import { assertUntouched, lookAt } from './oracle.ts';
import { proveRole } from './prove-role.ts';
import { startTestLab } from './test-lab.ts';

const nesting = 'Guests may be hypervisors, or not';
const file = '/etc/modprobe.d/zz-hostwright-kvm.conf';

describe('the role kvm-host in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;
  let module: string;

  before(async function () {
    lab = await startTestLab(this, 'kvm-host');
    module = await lab.sh('lsmod | grep -oE "^kvm_(intel|amd)"');
  });
  after(async () => await lab?.stop());

  const nested = async () => await lab.sh(`cat /sys/module/${module}/parameters/nested | tr NY 01`);

  it('refuses a host that is not fit, and changes nothing', async () => {
    const before = await lookAt(lab);
    const old = await play(lab, rolePlay('kvm-host', { min_libvirt: '99.1' }));
    assert.match(refusal(old), /libvirt 99\.1 is needed, and 11\./);
    const unknown = await play(lab, rolePlay('kvm-host', { require: ['warp drive'] }));
    assert.match(refusal(unknown), /made no check of "warp drive"/);
    await assertUntouched(lab, before, 'the refused run');
  });

  it('switches nesting off where no guest runs, and finds it switched on again', async () => {
    await lab.sh(`printf '# mine\\noptions other x=1\\n' > ${file}`);
    assert.equal(await nested(), '1');
    await proveRole(lab, {
      playbook: 'playbooks/kvm-host.yml',
      proof: async () => {
        assert.equal(await nested(), '0');
        assert.equal(await lab.sh(`cat ${file}`), `# mine\noptions other x=1\noptions ${module} nested=0`);
        assert.match(await lab.sh(`modprobe -c | grep '^options ${module}' | tail -n 1`), /nested=0$/);
        assert.equal(await lab.sh('test -c /dev/kvm && echo there'), 'there');
      },
      disturb: async () => {
        await lab.sh(`sed -i '/^options kvm/d' ${file}; rmmod ${module}; modprobe ${module} nested=1`);
      },
      fixes: [nesting],
    });
  });

  it('leaves the module alone while a guest runs, and says that a reboot waits', async () => {
    await lab.startGuest('vm1');
    const pid = await pidOf(lab, 'vm1');
    const first = fine(await play(lab, rolePlay('kvm-host', { nested: true })));
    assert.deepEqual(first.changed, [`${nesting}`]);
    const second = converged(await play(lab, rolePlay('kvm-host', { nested: true })));
    for (const { pending } of [first, second])
      assert.deepEqual(
        pending.map(({ kind }) => kind),
        ['reboot'],
      );
    assert.equal(await nested(), '0');
    assert.equal(await pidOf(lab, 'vm1'), pid);
    assert.match(await lab.sh(`cat ${file}`), new RegExp(`options ${module} nested=1`));
    assert.match(await lab.sh(`rmmod ${module} 2>&1 || :`), /in use/);
  });
});
