import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Connection, Target } from '../../src/connections/connection.ts';
import { noPasswords } from '../../src/connections/passwords.ts';
import { openSession } from '../../src/connections/session.ts';
import { connectSsh } from '../../src/connections/ssh/ssh.ts';
import { connectSshProgram } from '../../src/connections/ssh-program/ssh-program.ts';
import { programArguments } from '../../src/connections/ssh-program/ssh-program-arguments.ts';
import { wayTo } from '../../src/connections/ssh-program/ssh-program-way.ts';
import { sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';
import { leftBySsh } from './left-by-ssh.ts';
import { targetOf } from './target.ts';

describe('the connection openssh', function () {
  this.timeout(60_000);
  let farm: Farm;
  let folder: string;
  let agent: string | undefined;
  let scratch: string | undefined;

  /** A key in the folder. */
  function makeKey(name: string): string {
    const key = join(folder, name);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key]);
    return key;
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hw-program-'));
    // Where the connections have their control sockets.
    scratch = process.env.TMPDIR;
    process.env.TMPDIR = folder;
    agent = process.env.SSH_AUTH_SOCK;
    delete process.env.SSH_AUTH_SOCK;
    const [authority, host, user] = ['authority', 'host', 'user'].map(makeKey) as [string, string, string];
    makeKey('other-authority');
    const sign = ['-q', '-s', authority, '-I', 'it'];
    execFileSync('ssh-keygen', [...sign, '-h', '-n', '127.0.1.1,127.0.1.2', `${host}.pub`]);
    execFileSync('ssh-keygen', [...sign, '-n', 'root,fleet', `${user}.pub`]);
    const config = [`HostKey ${host}`, `HostCertificate ${host}-cert.pub`, `TrustedUserCAKeys ${authority}.pub`];
    farm = await startFarm({ hosts: 2, config: [...config, 'MaxSessions 1'] });
  });
  after(async () => {
    await farm.stop();
    rmSync(folder, { recursive: true, force: true });
    if (agent !== undefined) process.env.SSH_AUTH_SOCK = agent;
    if (scratch === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = scratch;
  });

  /** A known_hosts file with this line for the first host. */
  function knownHosts(name: string, line: (name: string) => string): string {
    const { address, port } = farm.hosts[0]!;
    const file = join(folder, name);
    writeFileSync(file, `${line(`[${address}]:${port}`)}\n`);
    return file;
  }
  const publicKey = (name: string) => readFileSync(join(folder, `${name}.pub`), 'utf8').trim();
  /** Without those of the user who runs the tests. */
  const withoutKnownHosts = ['-o', 'UserKnownHostsFile=/dev/null'];
  const plain = () => knownHosts('known-plain', host => `${host} ${publicKey('host')}`);
  const certified = () => knownHosts('known-authority', host => `@cert-authority ${host} ${publicKey('authority')}`);
  const target = (more: Partial<Target> = {}): Target =>
    targetOf(farm, { connection: 'openssh', knownHostsFiles: [plain()], ...more });

  async function ask(connection: Connection, command = sh`echo $SSH_CONNECTION`): Promise<string> {
    const session = await openSession(connection, { timeout: 10 });
    const { it } = await session.run(script({ it: command }), { limit: 20 });
    return it!.stdout.trim();
  }
  async function login(to: Target): Promise<string> {
    const connection = await connectSshProgram(to);
    try {
      return await ask(connection);
    } finally {
      connection.close();
      await connection.closed;
    }
  }
  it('logs in by a key, and leaves nothing on this machine', async () => {
    assert.match(await login(target()), /127\.0\.1\.1 \d+$/);
    assert.deepEqual(leftBySsh(folder), []);
  });

  it('checks the certificate of a host, which ssh2 cannot', async () => {
    assert.match(await login(target({ knownHostsFiles: [certified()] })), /127\.0\.1\.1/);
    await assert.rejects(connectSsh(target({ knownHostsFiles: [certified()] }), noPasswords), {
      code: 'hostkey.unknown',
      hint: /ansible_connection: openssh/,
    });
  });

  it('refuses the certificate of another authority, and of another host', async () => {
    const other = knownHosts('known-other', host => `@cert-authority ${host} ${publicKey('other-authority')}`);
    await assert.rejects(login(target({ knownHostsFiles: [other] })), { code: 'hostkey.unknown' });
    const alias = ['-o', 'HostKeyAlias=elsewhere'];
    const everyone = knownHosts('known-all', () => `@cert-authority * ${publicKey('authority')}`);
    await assert.rejects(login(target({ knownHostsFiles: [everyone], sshArguments: alias })), {
      code: 'hostkey.unknown',
    });
  });

  it('logs in by the certificate of a user', async () => {
    assert.match(await login(target({ privateKeyFiles: [join(folder, 'user')] })), /127\.0\.1\.1/);
    await assert.rejects(login(target({ privateKeyFiles: [makeKey('stranger')] })), {
      code: 'connection.denied',
      hint: /agent/,
    });
  });

  it('refuses a key that is not known, unless the choice is accept-new, which remembers it', async () => {
    const file = join(folder, 'known-new');
    const unknown = { knownHostsFiles: [file], sshArguments: withoutKnownHosts };
    await assert.rejects(login(target(unknown)), { code: 'hostkey.unknown' });
    await assert.rejects(login(target({ ...unknown, sshArguments: ['-o', 'StrictHostKeyChecking=no'] })), {
      code: 'hostkey.unknown',
    });
    await login(target({ ...unknown, hostKeys: 'accept-new' }));
    // OpenSSH may write the name as a hash.
    assert.match(readFileSync(file, 'utf8'), / ssh-ed25519 \S+\n$/);
    assert.match(await login(target(unknown)), /127\.0\.1\.1/);
  });

  it('refuses a key that is not known, whatever the ssh configuration takes for a proof', async () => {
    const file = join(folder, 'config-without-checks');
    const lines = ['NoHostAuthenticationForLocalhost yes', 'VerifyHostKeyDNS yes', 'StrictHostKeyChecking no'];
    writeFileSync(file, `Host *\n  ${lines.join('\n  ')}\n`);
    const unknown = target({ knownHostsFiles: [join(folder, 'known-none')], sshArguments: ['-F', file] });
    await assert.rejects(login({ ...unknown, sshArguments: [...unknown.sshArguments, ...withoutKnownHosts] }), {
      code: 'hostkey.unknown',
    });
    const words = ['-G', ...programArguments(await wayTo(unknown), 'INFO')];
    const used = execFileSync('ssh', words, { encoding: 'utf8' });
    assert.match(used, /^verifyhostkeydns false$/m);
  });

  for (const hostKeys of ['strict', 'accept-new'] as const) {
    it(`refuses a changed and a revoked key, with ${hostKeys}`, async () => {
      const changed = knownHosts('known-changed', host => `${host} ${publicKey('user')}`);
      await assert.rejects(login(target({ knownHostsFiles: [changed], hostKeys })), { code: 'hostkey.changed' });
      const revoked = knownHosts('known-revoked', host => `@revoked ${host} ${publicKey('host')}`);
      appendFileSync(revoked, readFileSync(plain()));
      await assert.rejects(login(target({ knownHostsFiles: [revoked], hostKeys })), { code: 'hostkey.revoked' });
    });
  }

  it('sends and fetches files next to an open shell, where sshd allows one session a connection', async () => {
    const connection = await connectSshProgram(target());
    try {
      const session = await openSession(connection, { timeout: 10 });
      const bytes = randomBytes(3_000_000);
      await session.put({ to: join(folder, 'there') }, { bytes });
      await session.get({ from: join(folder, 'there'), to: join(folder, 'back'), most: bytes.length });
      assert.ok(readFileSync(join(folder, 'back')).equals(bytes));
    } finally {
      connection.close();
    }
  });

  it('tells that the link has died, and never takes it for a result', async () => {
    const connection = await connectSshProgram(target());
    const session = await openSession(connection, { timeout: 10 });
    const running = session.run(script({ it: sh`sleep 33.25` }), { limit: 30 });
    await setTimeout(300);
    spawnSync('pkill', ['-KILL', '-f', `${folder}/hw-ssh-.*ControlPersist`]);
    await assert.rejects(running, { code: 'connection.lost' });
    await connection.closed;
    spawnSync('pkill', ['-fx', 'sleep 33.25']);
    assert.deepEqual(leftBySsh(folder), []);
  });

  it('takes nothing that a host prints before the login for an error of ssh', async () => {
    const banner = join(folder, 'banner');
    const lines = ['Host key verification failed.', 'ssh: connect to host it port 1: Connection refused'];
    writeFileSync(banner, `${lines.join('\n')}\nkex_exchange_identification: Connection closed by remote host\n`);
    const greeting = await startFarm({ hosts: 1, config: [`Banner ${banner}`] });
    try {
      await assert.rejects(login(targetOf(greeting, { connection: 'openssh', privateKeyFiles: [farm.key] })), {
        code: 'connection.denied',
        message: /rejected every login method/,
      });
    } finally {
      await greeting.stop();
    }
  });

  const wrong: readonly (readonly [string, Partial<Target>, RegExp])[] = [
    ['a port where nothing listens', { port: 1 }, /refused the connection/],
    ['a name that has no address', { address: 'nowhere.invalid' }, /has a name that cannot be resolved/],
    ['an option that ssh does not know', { sshArguments: ['-o', 'Bogus=1'] }, /[Bb]ogus/],
  ];
  for (const [what, more, message] of wrong) {
    it(`says what is wrong: ${what}`, async () => {
      await assert.rejects(login(target(more)), message);
      assert.deepEqual(leftBySsh(folder), []);
    });
  }

  it('says that the program ssh is missing', async () => {
    const path = process.env.PATH;
    process.env.PATH = folder;
    try {
      await assert.rejects(login(target()), { code: 'connection.no-program', hint: /openssh-client/ });
    } finally {
      process.env.PATH = path;
    }
  });
});
