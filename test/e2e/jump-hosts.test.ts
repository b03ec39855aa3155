import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../../src/connections/connection.ts';
import { closeJumpHosts } from '../../src/connections/jump-hosts.ts';
import { noPasswords } from '../../src/connections/passwords.ts';
import { openSession } from '../../src/connections/session.ts';
import { connectSsh } from '../../src/connections/ssh/ssh.ts';
import { sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';
import { farmWithoutAgent } from './farm-without-agent.ts';
import { targetOf } from './target.ts';

describe('jump hosts', function () {
  this.timeout(120_000);
  let farm: Farm;
  let folder: string;
  farmWithoutAgent((made, at) => {
    farm = made;
    folder = at;
  });

  /** Where the second host sees the connection come from. */
  async function cameFrom(more: Partial<Target>): Promise<string> {
    const target = targetOf(farm, { address: farm.hosts[1]!.address, ...more });
    const connection = await connectSsh(target, noPasswords);
    try {
      const session = await openSession(connection, { timeout: 10 });
      const { it } = await session.run(script({ it: sh`echo $SSH_CONNECTION` }), { limit: 10 });
      return it!.stdout.split(' ')[0]!;
    } finally {
      connection.close();
      closeJumpHosts(target.run);
    }
  }

  /** A file for `-F` that knows the farm's first and third host as gate and door. */
  function configuration(text: string): readonly string[] {
    const file = join(folder, 'config');
    const [first, , third] = farm.hosts;
    const own =
      `  Port ${first!.port}\n  User ${farm.user}\n  IdentityFile ${farm.key}\n  ` +
      `UserKnownHostsFile ${farm.knownHosts}\n`;
    const hosts = `Host gate\n  HostName ${first!.address}\n${own}Host door\n  HostName ${third!.address}\n${own}`;
    writeFileSync(file, `${text}\n${hosts}`);
    return ['-F', file];
  }

  // What comes through a jump host has another address on loopback than what comes from here.
  const direct = '127.0.0.1';
  const gate = () => `${farm.user}@gate`;

  it('are not asked for where there are none', async () => {
    assert.equal(await cameFrom({ sshArguments: configuration('') }), direct);
  });

  for (const words of [['-o', 'ProxyJump=gate'], ['-oProxyJump=gate'], ['-J', 'gate'], ['-Jgate']]) {
    it(`are passed through where the arguments say ${words.join(' ')}, and do not get these arguments`, async () => {
      const seen = await through(words);
      assert.ok(seen, 'the jump host has taken no connection');
    });
  }

  /** Whether sshd of the first host has forwarded a connection meanwhile. */
  async function through(words: readonly string[], more: Partial<Target> = {}): Promise<boolean> {
    const log = join(farm.directory, 'daemon1', 'sshd.log');
    const before = accepted(log);
    await cameFrom({ sshArguments: [...configuration(''), ...words], ...more });
    return accepted(log) - before === 2;
  }
  const accepted = (log: string) => readFileSync(log, 'utf8').match(/Accepted publickey/g)?.length ?? 0;

  it('are those of the inventory, and those of a chain', async () => {
    assert.ok(await through([], { jump: gate() }));
    const chain = { jump: `gate,${farm.user}@door` };
    const log = join(farm.directory, 'daemon1', 'sshd.log');
    const before = accepted(log);
    await cameFrom({ sshArguments: configuration(''), ...chain });
    assert.equal(accepted(log) - before, 3);
  });

  it('are reached directly where "Host *" sends them through themselves', async () => {
    const sshArguments = configuration('Host *\n  ProxyJump gate');
    assert.equal(await cameFrom({ sshArguments }), direct);
    const itself = { address: 'gate', sshArguments: [...configuration(''), '-J', 'gate'] };
    const { port: _, user: __, ...target } = targetOf(farm, itself);
    (await connectSsh(target, noPasswords)).close();
  });

  it('in a circle are an error, and nothing waits', async () => {
    const text = 'Host gate\n  ProxyJump door\nHost door\n  ProxyJump gate';
    await assert.rejects(cameFrom({ jump: 'gate', sshArguments: configuration(text) }), {
      code: 'jump.circle',
      message: /^The jump hosts of it lead in a circle to gate\.$/,
    });
  });

  it('are offered their own key, whatever key the host has', async () => {
    const key = join(folder, 'of-the-host');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const own = await startFarm({ hosts: 1 });
    try {
      // The host takes another key than the jump host.
      writeFileSync(join(own.directory, 'authorized_keys'), readFileSync(`${key}.pub`));
      const { address, port } = own.hosts[0]!;
      const to = { address, port, privateKeyFiles: [key], knownHostsFiles: [own.knownHosts], jump: 'gate' };
      await cameFrom({ ...to, sshArguments: configuration('') });
      await assert.rejects(cameFrom({ ...to, sshArguments: [] }), { code: 'connection.enotfound' });
    } finally {
      await own.stop();
    }
  });

  it('that forbid forwarding are named at once, with what sshd says', async () => {
    const own = await startFarm({ hosts: 1, config: ['AllowTcpForwarding no'] });
    try {
      const config = join(folder, 'forbidding');
      const { address, port } = own.hosts[0]!;
      const file = `Host bastion\n  HostName ${address}\n  Port ${port}\n  IdentityFile ${own.key}\n`;
      writeFileSync(config, `${file}  User ${own.user}\n  UserKnownHostsFile ${own.knownHosts}\n`);
      await assert.rejects(
        cameFrom({ jump: 'bastion', sshArguments: ['-F', config] }),
        (error: Error & { hint: string }) => {
          assert.match(error.message, /^The jump host bastion forbids connections to 127\.0\.1\.2 port \d+: /);
          assert.match(error.hint, /AllowTcpForwarding/);
          return true;
        },
      );
    } finally {
      await own.stop();
    }
  });

  it('say that a host cannot be reached from them', async () => {
    await assert.rejects(cameFrom({ jump: 'gate', port: 1, sshArguments: configuration('') }), {
      code: 'jump.failed',
      message: /^The jump host gate has no connection to 127\.0\.1\.2 port 1: /,
    });
    appendFileSync(join(folder, 'config'), '\n');
  });
});
