import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../../src/connections/connection.ts';
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
});
