import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseDeviceUsers, printDeviceUsers } from '../../src/host/lvm/device-users.ts';
import { script } from '../../src/shell/script.ts';
import { runScript } from '../kvm/converge.ts';
import { embedded, folder } from './embed.ts';

describe('a device that a guest names, in a real libvirt', function () {
  this.timeout(240_000);
  const embed = embedded();
  let device = '';

  before(() => {
    const image = join(embed.directory, 'disk');
    writeFileSync(image, '');
    truncateSync(image, 2 ** 24);
    device = execFileSync('losetup', ['-f', '--show', image], { encoding: 'utf8' }).trim();
  });

  after(() => {
    if (device !== '') execFileSync('losetup', ['-d', device]);
  });

  /** Who uses the device as libvirt of this suite says. */
  function users(): unknown {
    const answer = runScript(script({ users: printDeviceUsers(device, embed.uri) }), embed.place, false).users;
    assert.equal(answer?.code, 0, answer?.stderr);
    return parseDeviceUsers(answer?.stdout ?? '');
  }

  it('is in use, by whatever name and though the guest is off', () => {
    assert.deepEqual(users(), []);
    const link = join(embed.directory, "it's & by-id");
    symlinkSync(device, link);
    const text = readFileSync(join(folder, 'plain-q35.xml'), 'utf8');
    for (const name of [device, link]) {
      const own = text.replace("dev='/dev/vmpool/vm1'", `dev="${name.replace('&', '&amp;')}"`);
      writeFileSync(join(embed.directory, 'domain.xml'), own.replace('plain-q35<', 'one &amp; two<'));
      embed.virsh('define', join(embed.directory, 'domain.xml'));
      assert.deepEqual(users(), [{ node: basename(device), by: 'the guest one & two' }]);
      embed.virsh('undefine', 'one & two');
    }
    assert.deepEqual(users(), []);
  });
});
