import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../../src/connections/connection.ts';
import { openSession } from '../../src/connections/session.ts';
import { connectSshProgram } from '../../src/connections/ssh-program/ssh-program.ts';
import { sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';
import { targetOf } from './target.ts';

describe('the jump hosts of the connection openssh', function () {
  this.timeout(120_000);
  let farm: Farm;
  /** One host, which forwards nothing. */
  let walled: Farm;
  before(async () => {
    farm = await startFarm({ hosts: 3, ownHostKeys: true });
    walled = await startFarm({ hosts: 1, config: ['AllowTcpForwarding no'] });
  });
  after(async () => {
    await farm.stop();
    await walled.stop();
  });

  let files = 0;
  function write(text: string): string {
    files += 1;
    const file = join(farm.directory, `written${files}`);
    writeFileSync(file, `${text}\n`);
    return file;
  }
  const names = () => ({ gate: farm.hosts[0]!, door: farm.hosts[1]!, wall: walled.hosts[0]! });
  /** A line of known_hosts: a host, and the key of one. */
  const known = (name: keyof ReturnType<typeof names>, keyOf = name) =>
    `[${names()[name].address}]:${names()[name].port} ${names()[keyOf].knownHost}`;

  interface Settings {
    /** Lines in front of all others. */
    readonly first?: string;
    /** Lines of known_hosts. */
    readonly knownHosts?: string;
    readonly keys?: readonly string[];
  }
  /** Arguments for a configuration of all hosts by their names. */
  function configuration({ first = '', knownHosts, keys = [farm.key, walled.key] }: Settings = {}): readonly string[] {
    const file = write(knownHosts ?? [known('gate'), known('door'), known('wall')].join('\n'));
    const hosts = Object.entries(names()).map(
      ([name, { address, port }]) => `Host ${name}\n  HostName ${address}\n  Port ${port}`,
    );
    const all = ['Host *', `UserKnownHostsFile ${file}`, ...keys.map(key => `IdentityFile ${key}`)].join('\n  ');
    return ['-F', write([first, ...hosts, all].join('\n'))];
  }
  /** Logs in to the third host, which says where the connection comes from. */
  async function login(more: Partial<Target>): Promise<string> {
    const { address } = farm.hosts[2]!;
    const to = { connection: 'openssh', address, sshArguments: configuration(), ...more } as const;
    const connection = await connectSshProgram(targetOf(farm, to));
    try {
      const session = await openSession(connection, { timeout: 10 });
      const { it } = await session.run(script({ it: sh`echo $SSH_CONNECTION` }), { limit: 20 });
      return it!.stdout.trim();
    } finally {
      connection.close();
      await connection.closed;
    }
  }
  const accepted = (daemon: number) =>
    readFileSync(join(farm.directory, `daemon${daemon}`, 'sshd.log'), 'utf8').match(/Accepted publickey/g)?.length ?? 0;
  /** Logins that the gate, the door and the host see meanwhile. */
  async function logins(more: Partial<Target>): Promise<readonly number[]> {
    const before = [1, 2, 3].map(accepted);
    await login(more);
    return [1, 2, 3].map((daemon, at) => accepted(daemon) - before[at]!);
  }

  it('are those of the inventory, of arguments and of the configuration, also in a chain', async () => {
    assert.deepEqual(await logins({}), [0, 0, 1]);
    assert.deepEqual(await logins({ jump: 'gate' }), [1, 0, 1]);
    assert.deepEqual(await logins({ jump: 'gate,door' }), [1, 1, 1]);
    for (const words of [['-J', 'door'], ['-Jdoor'], ['-o', 'ProxyJump=door']]) {
      assert.deepEqual(await logins({ sshArguments: [...configuration(), ...words] }), [0, 1, 1], words.join(' '));
    }
    const first = `Host ${farm.hosts[2]!.address}\n  ProxyJump gate\nHost gate\n  ProxyJump door`;
    assert.deepEqual(await logins({ sshArguments: configuration({ first }) }), [1, 1, 1]);
  });

  it('are reached directly where "Host *" sends them through themselves', async () => {
    const sshArguments = configuration({ first: 'Host *\n  ProxyJump gate' });
    assert.deepEqual(await logins({ sshArguments }), [1, 0, 1]);
    const { address, port } = names().gate;
    const itself = { address, port, jump: `${address}:${port}`, sshArguments: configuration() };
    assert.deepEqual(await logins(itself), [1, 0, 0]);
  });

  it('leave a ProxyCommand of the configuration as it is', async () => {
    const { address, port } = names().gate;
    // The bytes go to another port than the host's own.
    const proxy = `ProxyCommand bash -c 'exec 3<>/dev/tcp/${address}/${port}; cat <&3 & exec cat >&3'`;
    const first = `Host elsewhere\n  HostKeyAlias [${address}]:${port}\n  ${proxy}`;
    assert.deepEqual(await logins({ address: 'elsewhere', sshArguments: configuration({ first }) }), [1, 0, 0]);
  });

  it('run no command of the configuration here, and leave no connection open', async () => {
    const [socket, mark] = [join(farm.directory, 'control'), join(farm.directory, 'mark')];
    const lines = ['PermitLocalCommand yes', `LocalCommand touch ${mark}`, 'ControlMaster auto', 'ControlPersist yes'];
    const first = ['Host *', ...lines, `Host gate`, `ControlPath ${socket}`].join('\n  ');
    assert.deepEqual(await logins({ jump: 'gate', sshArguments: configuration({ first }) }), [1, 0, 1]);
    assert.deepEqual([socket, mark].filter(existsSync), []);
  });

  it('are reached over a connection that the user has left open', async () => {
    const sshArguments = configuration({ first: `Host gate\n  ControlPath ${join(farm.directory, 'control')}` });
    const ssh = (...words: string[]) => execFileSync('ssh', [...sshArguments, ...words, 'gate'], { stdio: 'ignore' });
    ssh('-M', '-N', '-f');
    try {
      assert.deepEqual(await logins({ jump: 'gate', sshArguments }), [0, 0, 1]);
    } finally {
      ssh('-O', 'exit');
    }
  });

  it('are refused by the same checks as hosts, whatever the configuration says, and named', async () => {
    const first = 'Host *\n  StrictHostKeyChecking no\n  NoHostAuthenticationForLocalhost yes';
    const jumps: readonly (readonly [string, string, string, RegExp])[] = [
      ['gate', known('door'), 'hostkey.unknown', /^The key of the jump host gate is not known\./],
      ['gate', known('gate', 'door'), 'hostkey.changed', /^The key of the jump host gate is not the one/],
      ['gate', `@revoked ${known('gate')}`, 'hostkey.revoked', /^The key of the jump host gate is revoked\./],
      ['gate,door', known('gate'), 'hostkey.unknown', /^The key of the jump host door is not known\./],
      ['door,gate', known('gate'), 'hostkey.unknown', /^The key of the jump host door is not known\./],
    ];
    for (const [jump, knownHosts, code, message] of jumps) {
      const sshArguments = configuration({ first, knownHosts });
      await assert.rejects(login({ jump, sshArguments }), { code, message }, `${jump} ${code}`);
    }
    const { address, port } = names().gate;
    await assert.rejects(login({ jump: 'gate', sshArguments: configuration({ knownHosts: '' }) }), {
      hint: new RegExp(`ssh-keyscan -p ${port} ${address} >>\\S+written\\d+$`),
    });
    await login({ jump: 'gate', hostKeys: 'accept-new', sshArguments: configuration({ knownHosts: '' }) });
  });

  it('are named where they do not let in or do not pass on', async () => {
    const { address, port } = names().gate;
    const onlyWall = configuration({ keys: [walled.key] });
    const wrong: readonly (readonly [Partial<Target>, string, RegExp])[] = [
      [{ jump: 'gate', sshArguments: onlyWall }, 'connection.denied', new RegExp(`@${address} port ${port} rejected`)],
      [{ jump: 'gate:1' }, 'connection.econnrefused', new RegExp(`@${address} port 1 refused`)],
      [{ jump: 'nowhere.invalid' }, 'connection.enotfound', /@nowhere\.invalid has a name/],
      [{ jump: 'wall' }, 'jump.forbidden', /^The jump host wall forbids connections to 127\.0\.1\.3 port \d+: /],
      [{ jump: 'gate', port: 1 }, 'jump.failed', /^The jump host gate has no connection to 127\.0\.1\.3 port 1: /],
      [{ jump: 'gate,wall' }, 'jump.forbidden', /^The jump host wall or gate forbids connections to the next host: /],
    ];
    for (const [more, code, message] of wrong) {
      await assert.rejects(login(more), { code, message }, JSON.stringify(more));
    }
  });

  it('in a circle are an error, and nothing waits', async () => {
    const first = 'Host gate\n  ProxyJump door\nHost door\n  ProxyJump gate';
    await assert.rejects(login({ jump: 'gate', sshArguments: configuration({ first }) }), {
      code: 'jump.circle',
      message: /^The jump hosts of it lead in a circle to gate\.$/,
    });
  });
});
