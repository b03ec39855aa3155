import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../../src/connections/connection.ts';
import { saysMuch } from '../../src/connections/open-ssh.ts';
import { type SshSettings, sshSettings } from '../../src/connections/ssh-config.ts';

describe('what the ssh configuration says of a host', () => {
  let folder: string;
  let agent: string | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-ssh-config-'));
    agent = process.env.SSH_AUTH_SOCK;
    process.env.SSH_AUTH_SOCK = '/run/agent';
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    delete process.env.HW_AGENT;
    delete process.env.SSH_AUTH_SOCK;
    if (agent !== undefined) process.env.SSH_AUTH_SOCK = agent;
  });

  function settings(text: string, more: Partial<Target> = {}): Promise<SshSettings> {
    const file = join(folder, 'config');
    writeFileSync(file, text);
    const plain = { privateKeyFiles: [], knownHostsFiles: [], hostKeys: 'strict', timeout: 10, run: {} } as const;
    const target = { ...plain, host: 'hv1', connection: 'ssh', address: 'hv1', sshArguments: ['-F', file] } as const;
    return sshSettings({ ...target, ...more });
  }

  const agents: readonly (readonly [string, string | undefined])[] = [
    ['', '/run/agent'],
    ['IdentityAgent SSH_AUTH_SOCK', '/run/agent'],
    ['IdentityAgent none', undefined],
    ['IdentityAgent /run/other', '/run/other'],
    ['IdentityAgent $HW_AGENT', '/run/of-a-variable'],
  ];
  for (const [text, expected] of agents) {
    it(`names the agent: ${text || 'nothing'}`, async () => {
      process.env.HW_AGENT = '/run/of-a-variable';
      assert.equal((await settings(text)).agent, expected);
    });
  }

  it('has no jump host and no command where it says none', async () => {
    const found = await settings('Host hv1\nProxyCommand none\nHost *\nProxyCommand nc %h %p\n');
    assert.deepEqual([found.proxyCommand, found.jump], [undefined, undefined]);
    assert.equal((await settings('Host hv1\nProxyJump none\nHost *\nProxyJump gate\n')).jump, undefined);
    assert.equal((await settings('ProxyJump gate\n')).jump, 'gate');
  });

  it('reads no file that is called none', async () => {
    const text = 'IdentityFile none\nUserKnownHostsFile none\nGlobalKnownHostsFile none\nUser none\n';
    const { identityFiles, knownHostsFiles, user } = await settings(text);
    assert.deepEqual([identityFiles, knownHostsFiles, user], [[], [], 'none']);
  });

  it('is weaker than what the inventory says', async () => {
    const text = 'User ann\nPort 2222\nIdentityFile ~/.ssh/one\nStrictHostKeyChecking accept-new\nProxyJump gate\n';
    const found = await settings(text);
    assert.deepEqual([found.user, found.port, found.acceptNew, found.identitiesOnly], ['ann', 2222, true, false]);
    const more = { user: 'bob', port: 22, privateKeyFiles: ['/keys/bob'], jump: 'door' };
    const { identitiesOnly, identityFiles, jump, port, user } = await settings(text, more);
    assert.deepEqual([user, port, identityFiles, identitiesOnly, jump], ['bob', 22, ['/keys/bob'], true, 'door']);
  });

  it('has the tokens and variables of paths in their places', async () => {
    process.env.HW_AGENT = 'keys';
    const text = 'Host hv1\n  HostName 10.0.0.7\n  User ann\n  Port 2222\nHost *\n';
    const { identityFiles } = await settings(`${text}  IdentityFile /\${HW_AGENT}/%n-%h-%p-%r-%%h\n`);
    assert.deepEqual(identityFiles, ['/keys/hv1-10.0.0.7-2222-ann-%h']);
    const own = await settings(text, { privateKeyFiles: ['~/%h'], knownHostsFiles: ['/dev/null', '/known/%n'] });
    assert.match(own.identityFiles[0] ?? '', /^\/.*\/10\.0\.0\.7$/);
    assert.equal(own.knownHostsFiles[0], '/known/hv1');
  });

  it('refuses names in which a shell would read more than a name', async () => {
    for (const address of ['$(touch x)', '-oProxyCommand=x', 'a b', "a'b", 'a;b', '']) {
      await assert.rejects(settings('', { address }), { code: 'connection.name' }, address);
    }
    await assert.rejects(settings('HostName a`b`\n'), { code: /^connection\.(name|config)$/ });
    await assert.rejects(settings('', { user: 'a|b' }), { code: 'connection.name' });
    assert.equal((await settings('', { address: 'fe80::1%eth0', user: 'DOMAIN+a.b-c@d' })).hostname, 'fe80::1%eth0');
  });

  it('says what is wrong with the configuration', async () => {
    await assert.rejects(settings('NoSuchSetting yes\n'), (error: Error & { code: string }) => {
      assert.equal(error.code, 'connection.config');
      assert.match(error.message, /^The ssh configuration of hv1 cannot be used: .*line 1: Bad configuration option/s);
      return true;
    });
  });

  it('notes that hosts are not to be checked', async () => {
    assert.equal((await settings('StrictHostKeyChecking no\n')).wantsNoCheck, true);
    assert.equal((await settings('StrictHostKeyChecking yes\n')).wantsNoCheck, false);
  });
});

describe('a configuration of the system', () => {
  it('says nothing that concerns us where it is as it was delivered', () => {
    const debian =
      '# x\nInclude /etc/ssh/ssh_config.d/*.conf\n\nHost *\n    SendEnv LANG LC_*\n    HashKnownHosts yes\n';
    const redhat = 'Include /etc/ssh/ssh_config.d/*.conf\n#\n';
    for (const text of ['', debian, redhat]) assert.equal(saysMuch(text), false);
  });

  it('is asked where it says more', () => {
    const texts = [
      'Host *.lab\n',
      'ProxyJump gate\n',
      'Include /srv/ssh/*\n',
      'Match exec true\n',
      ' IdentityFile /k\n',
    ];
    for (const text of texts) assert.equal(saysMuch(text), true, text);
  });
});
