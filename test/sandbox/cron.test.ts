import assert from 'node:assert/strict';
import { cron } from '../../src/modules/cron/cron.ts';
import { check, converge } from '../modules/converge.ts';
import { live, refusal } from './life.ts';
import { inSandboxes } from './sandbox.ts';

inSandboxes('cron', sandbox => {
  before(() => sandbox().run('useradd -m ann'));

  it("keeps an entry in a user's table, next to what is there", () => {
    live(sandbox(), {
      module: cron,
      args: { name: 'thin out', minute: 17, hour: '*/3', job: 'echo "it\'s" \\%', user: 'ann' },
      before: 'printf "# mine\\nX=1\\n0 0 * * * mine\\n" | crontab -u ann -',
      proof: {
        'crontab -u ann -l': `# mine\nX=1\n0 0 * * * mine\n#Ansible: thin out\n17 */3 * * * echo "it's" \\%\n`,
      },
      disturb: 'crontab -u ann -l | sed "s/^17/18/" | crontab -u ann -',
    });
  });

  it('makes a table of its own user', () => {
    live(sandbox(), {
      module: cron,
      args: { name: 'first', special_time: 'weekly', job: 'true', disabled: true },
      proof: { 'crontab -l': '#Ansible: first\n#@weekly true\n' },
      disturb: 'crontab -r',
    });
  });

  it('keeps a variable', () => {
    live(sandbox(), {
      module: cron,
      args: { name: 'MAILTO', env: true, job: 'ops@example.org', user: 'ann' },
      before: 'echo "* * * * * x" | crontab -u ann -',
      proof: { 'crontab -u ann -l': 'MAILTO="ops@example.org"\n* * * * * x\n' },
      disturb: 'echo "* * * * * x" | crontab -u ann -',
    });
  });

  it('removes an entry', () => {
    const again = 'printf "#Ansible: a\\n* * * * * a\\n#Ansible: b\\n* * * * * b\\n" | crontab -u ann -';
    live(sandbox(), {
      module: cron,
      args: { name: 'a', state: 'absent', user: 'ann' },
      before: again,
      proof: { 'crontab -u ann -l': '#Ansible: b\n* * * * * b\n' },
      disturb: again,
    });
  });

  it('keeps an entry in /etc/cron.d', () => {
    live(sandbox(), {
      module: cron,
      args: { name: 'night', hour: 3, minute: 0, job: 'nightly', user: 'ann', cron_file: 'nights' },
      proof: {
        'cat /etc/cron.d/nights; stat -c "%a %U" /etc/cron.d/nights':
          '#Ansible: night\n0 3 * * * ann nightly\n644 root\n',
      },
      disturb: 'rm /etc/cron.d/nights',
    });
  });

  it('writes what cron runs', () => {
    const { host, run } = sandbox();
    converge(host, cron, { name: 'now', special_time: 'reboot', job: 'id -un > /tmp/ran-table', user: 'ann' });
    converge(host, cron, { name: 'now', special_time: 'reboot', job: 'id -un > /tmp/ran-file', cron_file: 'now' });
    run('cron; until [ -s /tmp/ran-table ] && [ -s /tmp/ran-file ]; do sleep 0.1; done');
    assert.equal(run('cat /tmp/ran-table /tmp/ran-file'), 'ann\nroot\n');
  });

  it('refuses a user that does not exist, and says that cron is missing', () => {
    const { host, run } = sandbox();
    assert.match(refusal(host, cron, { name: 'x', job: 'x', user: 'nobodyx' }), /the host has no user nobodyx/);
    run('rm "$(command -v crontab)"');
    assert.match(JSON.stringify(check(host, cron, { name: 'x', job: 'x' })), /crontab is not installed/);
  });
});
