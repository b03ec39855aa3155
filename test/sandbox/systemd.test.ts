import assert from 'node:assert/strict';
import { systemd } from '../../src/modules/systemd.ts';
import { check } from '../modules/converge.ts';
import { live, refusal } from './life.ts';
import { inSandboxes } from './sandbox.ts';

// No systemd runs in a sandbox. The links of all users need none; what runs is tried in the lab.
inSandboxes('systemd for all users', sandbox => {
  const folder = '/usr/local/lib/systemd/user';
  const unit = `${folder}/thin.service`;
  const enabled = '/etc/systemd/user/default.target.wants/thin.service';

  before(() =>
    sandbox().run(
      `mkdir -p ${folder} && printf '[Service]\\nExecStart=true\\n[Install]\\nWantedBy=default.target\\n' > ${unit}`,
    ),
  );

  it('enables a unit', () => {
    live(sandbox(), {
      module: systemd,
      args: { name: 'thin', enabled: true, scope: 'global' },
      proof: { [`readlink ${enabled}`]: `${unit}\n` },
      disturb: `rm ${enabled}`,
    });
  });

  it('disables a unit', () => {
    const again = `mkdir -p ${enabled.replace(/\/[^/]*$/, '')} && ln -sf ${unit} ${enabled}`;
    live(sandbox(), {
      module: systemd,
      args: { name: 'thin', enabled: false, scope: 'global' },
      before: again,
      proof: { [`ls ${enabled} 2>/dev/null || :`]: '' },
      disturb: again,
    });
  });

  it('masks a unit', () => {
    live(sandbox(), {
      module: systemd,
      args: { name: 'thin', masked: true, scope: 'global' },
      proof: { 'readlink /etc/systemd/user/thin.service': '/dev/null\n' },
      disturb: 'rm /etc/systemd/user/thin.service',
    });
  });

  it('is refused where there is no such unit', () => {
    const args = { name: 'nosuch', enabled: true, scope: 'global' };
    assert.match(refusal(sandbox().host, systemd, args), /the host has no service nosuch/);
  });

  it('cannot tell what runs where systemd did not boot', () => {
    const decision = check(sandbox().host, systemd, { name: 'thin', state: 'started' });
    assert.match(JSON.stringify(decision), /did not boot this system/);
  });
});
