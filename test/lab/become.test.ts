import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain, fine, hostwright, type Run } from './hostwright.ts';
import { type Lab, passwords } from './lab.ts';
import { startTestLab } from './test-lab.ts';

describe('becoming root in the lab', function () {
  this.timeout(2_400_000);
  let lab: Lab;

  before(async function () {
    lab = await startTestLab(this, 'become');
  });
  after(async () => await lab?.stop());

  /** Runs `id -u` as another user who becomes root, with this password. */
  async function become(user: string, method: string, password?: string): Promise<Run> {
    const file = join(lab.directory, 'password');
    if (password !== undefined) writeFileSync(file, `${password}\n`, { mode: 0o600 });
    const given = password === undefined ? [] : ['--become-password-file', file];
    const how = ['-e', `ansible_user=${user}`, '--become', '--become-method', method, ...given];
    return await hostwright(lab, 'run', 'hv1', 'command', 'id -un', ...how);
  }
  function asRoot(run: Run): void {
    fine(run);
    assert.equal(run.result('command').fields.stdout, 'root');
  }
  function failed(run: Run, says: RegExp): void {
    assert.notEqual(run.code, 0);
    assert.match(explain(run), says);
    for (const password of [...Object.values(passwords), 'wrong-4711']) assert.ok(!explain(run).includes(password));
  }

  it('by a sudo that asks for no password, which never gets one', async () => {
    // A sudo in front of the real one keeps all that is ever sent to it.
    const recorder = '#!/bin/sh\ntee -a /tmp/sent | /usr/bin/sudo "$@"\n';
    await lab.ssh('cat > /usr/local/bin/sudo; chmod 755 /usr/local/bin/sudo; umask 0; : > /tmp/sent', 'root', recorder);
    await lab.sh('sysctl -q fs.protected_regular=0');
    asRoot(await become('admin', 'sudo', 'never-sent-4711'));
    assert.match(await lab.sh('cat /tmp/sent'), /id -un|'id'/, 'the recorder works');
    assert.doesNotMatch(await lab.sh('cat /tmp/sent'), /never-sent-4711/);
    asRoot(await become('operator', 'sudo', passwords.operator));
    assert.match(await lab.sh('cat /tmp/sent'), new RegExp(passwords.operator), 'the recorder sees passwords');
    await lab.sh('rm /usr/local/bin/sudo');
    asRoot(await become('admin', 'sudo'));
  });

  it('by a sudo that asks, with the right password only', async () => {
    asRoot(await become('operator', 'sudo', passwords.operator));
    failed(await become('operator', 'sudo', 'wrong-4711'), /password/i);
    failed(await become('operator', 'sudo'), /--ask-become-pass|--become-password-file/);
  });

  it('by su, with the password of root', async () => {
    asRoot(await become('admin', 'su', passwords.root));
    failed(await become('admin', 'su', 'wrong-4711'), /password|su/i);
  });

  it('by a doas that asks for no password; one that asks is refused with advice', async () => {
    asRoot(await become('admin', 'doas'));
    await lab.sh("echo 'permit operator' >> /etc/doas.conf");
    failed(await become('operator', 'doas', passwords.operator), /nopass/);
  });
});
