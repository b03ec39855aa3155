import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Target } from '../../src/connections/connection.ts';
import { closeJumpHosts } from '../../src/connections/jump-hosts.ts';
import { noPasswords, type Passwords } from '../../src/connections/passwords.ts';
import { openSession } from '../../src/connections/session.ts';
import { connectSsh } from '../../src/connections/ssh/ssh.ts';
import { sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';
import { startFarWay } from './far-way.ts';
import { farmWithoutAgent } from './farm-without-agent.ts';
import { targetOf } from './target.ts';

describe('ways in', function () {
  this.timeout(120_000);
  let farm: Farm;
  let folder: string;
  farmWithoutAgent((made, at) => {
    farm = made;
    folder = at;
  });

  const target = (more: Partial<Target> = {}): Target => targetOf(farm, more);

  /** The server's side of the connection, as the host sees it: `client port server port`. */
  async function login(to: Target, passwords: Passwords = noPasswords): Promise<string> {
    const connection = await connectSsh(to, passwords);
    try {
      const session = await openSession(connection, { timeout: 10 });
      const { it } = await session.run(script({ it: sh`echo $SSH_CONNECTION` }), { limit: 10 });
      return it!.stdout.trim();
    } finally {
      connection.close();
    }
  }

  /** A new key in the folder. */
  function makeKey(name: string, type = 'ed25519'): string {
    const key = join(folder, name);
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', key]);
    return key;
  }

  it('by a key file', async () => {
    assert.match(await login(target()), /127\.0\.1\.1 \d+$/);
  });

  it('in four round trips at most: names, proposals, secrets, and the login itself', async () => {
    const { address, port } = farm.hosts[0]!;
    const way = await startFarWay({ address, port });
    try {
      const knownHosts = join(folder, 'far');
      const [line] = readFileSync(farm.knownHosts, 'utf8').split('\n');
      writeFileSync(knownHosts, `[127.0.0.1]:${way.port} ${line!.split(' ').slice(1).join(' ')}\n`);
      const far = target({ address: '127.0.0.1', port: way.port, knownHostsFiles: [knownHosts] });
      const connection = await connectSsh(far, noPasswords);
      connection.close();
      // A busy host may give its name and its proposals in one.
      assert.ok(way.roundTrips() <= 4, `${way.roundTrips()} round trips`);
      assert.ok(connection.roundTrip >= 2 * way.delay, `${connection.roundTrip} ms`);
    } finally {
      way.stop();
    }
  });

  for (const type of ['rsa', 'ecdsa']) {
    it(`by a key of type ${type}, after one that the host does not know`, async () => {
      const [stranger, known] = [makeKey(`${type}-stranger`, type), makeKey(`${type}-known`, type)];
      appendFileSync(join(farm.directory, 'authorized_keys'), readFileSync(`${known}.pub`));
      assert.match(await login(target({ privateKeyFiles: [stranger, known] })), /127\.0\.1\.1/);
    });
  }

  it('by a key with a passphrase, asked for once it is needed', async () => {
    const key = join(folder, 'locked');
    copyFileSync(farm.key, key);
    execFileSync('ssh-keygen', ['-q', '-p', '-N', 'open sesame', '-P', '', '-f', key]);
    const asked: string[] = [];
    const passphrase = async (file: string) => {
      asked.push(file);
      return 'open sesame';
    };
    assert.match(await login(target({ privateKeyFiles: [key] }), { ...noPasswords, passphrase }), /127\.0\.1\.1/);
    assert.deepEqual(asked, [key]);
    await assert.rejects(
      login(target({ privateKeyFiles: [key] })),
      /rejected every login method \(there was no key to try\)/,
    );
  });

  /** Does something while an agent holds these keys, which are offered in this order. */
  async function withAgent(keys: readonly string[], body: () => Promise<void>): Promise<void> {
    const socket = join(folder, 'agent');
    const daemon = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      while (!existsSync(socket)) await new Promise(done => setTimeout(done, 20));
      for (const key of keys) execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      process.env.SSH_AUTH_SOCK = socket;
      await body();
    } finally {
      delete process.env.SSH_AUTH_SOCK;
      daemon.kill();
      await once(daemon, 'exit');
    }
  }

  it('by an agent', async () => {
    await withAgent([farm.key], async () => {
      const config = join(folder, 'agent-config');
      writeFileSync(config, `Host *\n  IdentityFile ${folder}/none\n`);
      assert.match(await login(target({ privateKeyFiles: [], sshArguments: ['-F', config] })), /127\.0\.1\.1/);
    });
  });

  it('by the one key of an agent that belongs to the host: sshd gives up after six wrong ones', async () => {
    const wrong = [1, 2, 3, 4, 5, 6].map(number => makeKey(`agent-${number}`));
    const locked = join(folder, 'agent-locked');
    copyFileSync(farm.key, locked);
    copyFileSync(`${farm.key}.pub`, `${locked}.pub`);
    execFileSync('ssh-keygen', ['-q', '-p', '-N', 'locked', '-P', '', '-f', locked]);
    await withAgent([...wrong, farm.key], async () => {
      assert.match(await login(target({ privateKeyFiles: [locked] })), /127\.0\.1\.1/);
    });
    // Where the agent has none of them, the key file is the next to try.
    await withAgent(wrong, async () => {
      assert.match(await login(target()), /127\.0\.1\.1/);
    });
  });

  it('by the key that IdentityFile names, though the agent has six others before it', async () => {
    const wrong = [1, 2, 3, 4, 5, 6].map(number => makeKey(`before-${number}`));
    const config = join(folder, 'named-config');
    writeFileSync(config, `Host *\n  IdentityFile ${farm.key}\n`);
    await withAgent([...wrong, farm.key], async () => {
      assert.match(await login(target({ privateKeyFiles: [], sshArguments: ['-F', config] })), /127\.0\.1\.1/);
    });
  });

  it('by what the ssh configuration says of an alias, through a jump host', async () => {
    const config = join(folder, 'config');
    const [first, second] = farm.hosts;
    const common = `  User ${farm.user}\n  Port ${first!.port}\n  IdentityFile ${farm.key}\n  UserKnownHostsFile ${farm.knownHosts}\n`;
    writeFileSync(
      config,
      `Host gate\n  HostName ${first!.address}\n${common}Host inner\n  HostName ${second!.address}\n  ProxyJump gate\n${common}`,
    );
    const { user: _, port: __, ...rest } = target();
    const to = { ...rest, address: 'inner', privateKeyFiles: [], knownHostsFiles: [], sshArguments: ['-F', config] };
    const seen = await login(to);
    // The connection to the second host comes from the first, not from here.
    assert.match(seen, new RegExp(`^127\\.0\\.\\d\\.\\d \\d+ ${second!.address.replaceAll('.', '\\.')} `));
    // A jump host whose key is not known is not passed through.
    writeFileSync(config, readFileSync(config, 'utf8').replace(farm.knownHosts, join(folder, 'empty')));
    closeJumpHosts(to.run);
    await assert.rejects(login(to), /The key of gate is not known: ssh-ed25519 SHA256:/);
  });

  it('where sshd runs a shell whatever it is told', async () => {
    const own = await startFarm({ hosts: 1, config: ['ForceCommand /bin/sh'] });
    try {
      const [host] = own.hosts;
      const to = target({
        port: host!.port,
        privateKeyFiles: [own.key],
        knownHostsFiles: [own.knownHosts],
        timeout: 4,
      });
      assert.match(await login(to), /^127\./);
    } finally {
      await own.stop();
    }
  });

  it('through a ProxyCommand', async () => {
    const config = join(folder, 'proxy-config');
    const relay = `${process.execPath} -e "const s=require('net').connect(%p,'%h');process.stdin.pipe(s);s.pipe(process.stdout)"`;
    writeFileSync(config, `Host *\n  ProxyCommand ${relay}\n`);
    assert.match(await login(target({ sshArguments: ['-F', config] })), /127\.0\.1\.1/);
  });

  it('not past a host key that is not known, unless the choice is accept-new, which remembers it', async () => {
    const file = join(folder, 'new_known_hosts');
    await assert.rejects(login(target({ knownHostsFiles: [file] })), (error: Error & { hint: string }) => {
      assert.match(error.message, /^The key of it is not known: ssh-ed25519 SHA256:\S+\.$/);
      assert.match(error.hint, /ssh-keyscan -p \d+ 127\.0\.1\.1 >>.*new_known_hosts/);
      return true;
    });
    await login(target({ knownHostsFiles: [file], hostKeys: 'accept-new' }));
    assert.match(readFileSync(file, 'utf8'), /^\[127\.0\.1\.1\]:\d+ ssh-ed25519 \S+\n$/);
    await login(target({ knownHostsFiles: [file] }));
  });

  for (const hostKeys of ['strict', 'accept-new'] as const) {
    it(`not past a changed or revoked host key, with ${hostKeys}, and known_hosts stays as it is`, async () => {
      const { address, port, knownHost } = farm.hosts[0]!;
      const [type, other] = readFileSync(`${makeKey(`other-${hostKeys}`)}.pub`, 'utf8').split(' ');
      const cases = {
        'hostkey.changed': `[${address}]:${port} ${type} ${other}\n`,
        'hostkey.revoked': `@revoked [${address}]:${port} ${knownHost}\n`,
      };
      for (const [code, line] of Object.entries(cases)) {
        const file = join(folder, `${code}-${hostKeys}`);
        writeFileSync(file, line);
        await assert.rejects(login(target({ knownHostsFiles: [file], hostKeys })), { code });
        assert.equal(readFileSync(file, 'utf8'), line);
      }
    });
  }

  it('not with a key that the host does not know', async () => {
    await assert.rejects(
      login(target({ privateKeyFiles: [makeKey('wrong')] })),
      /rejected every login method \(tried: publickey\)\.$/,
    );
    const gone = join(folder, 'gone-key');
    await assert.rejects(
      login(target({ privateKeyFiles: [gone] })),
      new RegExp(`\\(there was no key to try\\)\\. The key file ${gone} does not exist\\.$`),
    );
  });

  it('not to a name that is not known, and not to a port where nothing listens', async () => {
    await assert.rejects(login(target({ address: 'no-such-host.invalid' })), /has a name that cannot be resolved/);
    await assert.rejects(login(target({ port: 1 })), /refused the connection/);
  });

  it('not to a port that never accepts the connection: it gives up when its time is over', async () => {
    // The queue of a listener that has stopped is full after a few.
    const listens = 'const s = require("net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }';
    const stops = ', () => { console.log(s.address().port); process.kill(process.pid, "SIGSTOP"); })';
    const listener = spawn(process.execPath, ['-e', listens + stops], { stdio: ['ignore', 'pipe', 'inherit'] });
    const port = Number(await once(listener.stdout, 'data'));
    const queue = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    try {
      await Promise.all(queue.slice(0, 2).map(socket => once(socket, 'connect')));
      await assert.rejects(login(target({ address: '127.0.0.1', port, timeout: 1 })), /gave no answer within 1 s/);
    } finally {
      for (const socket of queue) socket.destroy();
      listener.kill('SIGKILL');
    }
  });

  it('tells for -vvv which settings it has, which keys it tried, and how far it came', async () => {
    const traced = async (more: Partial<Target>) => {
      const lines: string[] = [];
      const trace = (text: string) => lines.push(text);
      await login(target({ ...more, trace })).catch(() => undefined);
      return lines.join('\n');
    };
    const wrong = makeKey('stranger');
    const text = await traced({ privateKeyFiles: [wrong, farm.key, '/no/such/key'], sshArguments: ['-o', 'Port=22'] });
    const { address, port } = farm.hosts[0]!;
    for (const line of [
      `ssh configuration: ssh -G -o Port=22 ${address}`,
      `connects to ${farm.user}@${address} port ${port} (${address}); host keys in: ${farm.knownHosts}`,
      'keys that do not exist: /no/such/key',
      `offers the key ${wrong}`,
      `offers the key ${farm.key}`,
    ])
      assert.ok(text.includes(line), `${line} is not in\n${text}`);
    assert.match(text, /\nlogged in; a round trip takes \d+\.\d ms$/);
    assert.match(await traced({ privateKeyFiles: [wrong] }), /\nhas no password to offer$/);
  });
});
