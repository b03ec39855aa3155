import assert from 'node:assert/strict';
import { service } from '../../src/modules/service/service.ts';
import { systemd } from '../../src/modules/systemd/systemd.ts';
import { check, converge } from '../modules/converge.ts';
import { live, refusal } from './life.ts';
import { inSandboxes } from './sandbox.ts';

// Links alone: no systemd runs here.
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

  it('is refused where the unit does not exist', () => {
    const args = { name: 'nosuch', enabled: true, scope: 'global' };
    assert.match(refusal(sandbox().host, systemd, args), /the host has no service nosuch/);
  });

  it('cannot tell what runs where systemd did not boot', () => {
    const decision = check(sandbox().host, systemd, { name: 'thin', state: 'started' });
    assert.match(JSON.stringify(decision), /did not boot this system/);
  });
});

inSandboxes(
  'systemd',
  sandbox => {
    const unit = '/usr/local/lib/systemd/system/thin.service';
    const manager = '/etc/systemd/system/manager.service';

    before(() => {
      const { run } = sandbox();
      run('mkdir -p /usr/local/lib/systemd/system /root/.config/systemd/user && mkdir -pm 700 /run/user/0');
      run(
        `printf '[Unit]\\nDefaultDependencies=no\\n[Service]\\nExecStart=sleep 9999\\n[Install]\\nWantedBy=sandbox.target\\n' > ${unit}`,
      );
    });

    it('starts and enables a unit', () => {
      live(sandbox(), {
        module: systemd,
        args: { name: 'thin', state: 'started', enabled: true, daemon_reload: true },
        proof: { 'systemctl is-active thin; systemctl is-enabled thin': 'active\nenabled\n' },
        disturb: `systemctl stop thin; systemctl disable -q thin; touch -d 2099-01-01 ${unit}`,
      });
    });

    it('reads unit files again only if one has changed', () => {
      live(sandbox(), {
        module: systemd,
        args: { daemon_reload: true },
        before: `echo '[Service]' >> ${unit} && touch -d 2100-01-01 ${unit}`,
        proof: { 'systemctl show thin -p NeedDaemonReload': 'NeedDaemonReload=no\n' },
        disturb: `touch -d 2100-01-02 ${unit}`,
      });
    });

    it('stops and masks a unit', () => {
      const args = { name: 'thin', state: 'stopped', enabled: false, masked: true };
      live(sandbox(), {
        module: systemd,
        args: { name: 'thin', state: 'stopped', masked: true },
        proof: { 'systemctl is-active thin || readlink /etc/systemd/system/thin.service': 'inactive\n/dev/null\n' },
        disturb: 'systemctl unmask -q thin && systemctl start thin',
      });
      assert.equal(check(sandbox().host, systemd, args).kind, 'ok');
      assert.match(refusal(sandbox().host, service, { name: 'thin', state: 'started' }), /thin is masked/);
      converge(sandbox().host, systemd, { name: 'thin', masked: false });
    });

    it('restarts, and does not wait where it is told so', () => {
      const { host, run } = sandbox();
      const process = () => run('systemctl show thin -p MainPID --value');
      converge(host, service, { name: 'thin', state: 'started' });
      const first = process();
      converge(host, service, { name: 'thin', state: 'restarted' });
      assert.notEqual(process(), first);
      converge(host, systemd, { name: 'thin', state: 'stopped', no_block: true });
      run('until ! systemctl is-active -q thin; do sleep 0.1; done');
    });

    it('runs the systemd that is installed', () => {
      assert.equal(check(sandbox().host, systemd, { daemon_reexec: true }).kind, 'ok');
    });

    it('starts and enables a unit of a user', () => {
      const { host, run } = sandbox();
      assert.match(
        refusal(host, systemd, { name: 'mine', state: 'started', scope: 'user' }),
        /Failed to connect to bus/,
      );
      run(
        `printf '[Service]\\nExecStart=sleep 9999\\n[Install]\\nWantedBy=default.target\\n' > /root/.config/systemd/user/mine.service`,
      );
      run(`printf '[Unit]\\nDefaultDependencies=no\\n[Service]\\nType=notify\\nDelegate=yes\\n' > ${manager}`);
      run(
        `printf 'Environment=HOME=/root XDG_RUNTIME_DIR=/run/user/0\\nExecStart=/lib/systemd/systemd --user\\n' >> ${manager}`,
      );
      run('systemctl daemon-reload && systemctl start manager');
      live(sandbox(), {
        module: systemd,
        args: { name: 'mine', state: 'started', enabled: true, scope: 'user' },
        proof: {
          'ls /root/.config/systemd/user/default.target.wants; cat /proc/[0-9]*/comm | grep -cx sleep':
            'mine.service\n1\n',
        },
        disturb: 'XDG_RUNTIME_DIR=/run/user/0 systemctl --user disable -q --now mine',
      });
    });
  },
  { systemd: true },
);
