import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { execute } from '../lab/execute.ts';
import { type Farm, farmObstacle, startFarm } from './farm.ts';

function logIn(farm: Farm, name: string) {
  const host = farm.hosts.find(each => each.name === name)!;
  const options = ['BatchMode=yes', `UserKnownHostsFile=${farm.knownHosts}`, 'LogLevel=ERROR', 'ConnectTimeout=5'];
  const flags = options.flatMap(option => ['-o', option]);
  const target = ['-F', 'none', '-i', farm.key, '-p', String(host.port), `${farm.user}@${host.address}`];
  return execute('ssh', [...flags, ...target, 'echo in']);
}

describe('a farm of sshd hosts', () => {
  before(function () {
    if (farmObstacle()) this.skip();
  });

  it('listens on more addresses than one sshd can, lets its key in, and leaves nothing behind', async () => {
    const farm = await startFarm({ hosts: 20 });
    try {
      assert.equal(farm.hosts.length, 20);
      for (const name of ['host1', 'host20']) {
        assert.deepEqual(await logIn(farm, name), { code: 0, stdout: 'in\n', stderr: '' });
      }
    } finally {
      await farm.stop();
    }
    assert.equal(existsSync(farm.directory), false);
    assert.equal((await logIn(farm, 'host1')).code, 255);
  });

  it('stops and starts single hosts, which have keys of their own', async () => {
    const farm = await startFarm({ hosts: 2, ownHostKeys: true });
    try {
      assert.notEqual(farm.hosts[0]!.knownHost, farm.hosts[1]!.knownHost);
      await farm.stopHost('host1');
      assert.equal((await logIn(farm, 'host1')).code, 255);
      assert.equal((await logIn(farm, 'host2')).stdout, 'in\n');
      await farm.startHost('host1');
      assert.equal((await logIn(farm, 'host1')).stdout, 'in\n');
    } finally {
      await farm.stop();
    }
  });
});
