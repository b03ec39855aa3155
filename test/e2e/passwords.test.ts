import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { play } from '../run/engine.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';

const password = 'S3CR3T "pass" word';

describe('a host with a password', function () {
  this.timeout(60_000);
  let farm: Farm;
  let folder: string;
  before(async function () {
    if (process.getuid?.() !== 0) this.skip();
    farm = await startFarm({
      hosts: 1,
      account: { name: 'hw-guest', password },
      config: ['PasswordAuthentication yes', 'PubkeyAuthentication no'],
    });
    folder = mkdtempSync(join(tmpdir(), 'hw-password-'));
  });
  after(async () => {
    await farm?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** The result of a task, and everything that was told of the run. */
  async function run(
    variables: object,
  ): Promise<{ readonly status: string; readonly text: string; readonly out: unknown }> {
    const { address, port } = farm.hosts[0]!;
    const own = { ansible_host: address, ansible_port: port, ansible_ssh_known_hosts_file: farm.knownHosts };
    const inventory = join(folder, 'hosts.yml');
    writeFileSync(inventory, JSON.stringify({ all: { hosts: { hv1: { ...own, ...variables } } } }));
    const tasks = '[{name: who, command: id -un}, {name: say, debug: {msg: "it is {{ ansible_password }}"}}]';
    const done = await play(`- {hosts: all, tasks: ${tasks}}`, { inventory: [inventory], connection: 'as it comes' });
    const [result] = Object.values(done.results('who'));
    return { status: result?.status ?? 'none', out: result?.fields.stdout, text: JSON.stringify(done.events) };
  }

  it('is logged in to with the one of the inventory, which is masked wherever it turns up', async () => {
    const { status, text, out } = await run({ ansible_user: 'hw-guest', ansible_password: password });
    assert.deepEqual([status, out], ['changed', 'hw-guest'], text);
    assert.match(text, /it is \*\*\*/);
    assert.doesNotMatch(text, /S3CR3T/);
  });

  it('becomes another by the password of the inventory', async () => {
    const variables = { ansible_user: 'hw-guest', ansible_password: password, ansible_become: true };
    const become = { ansible_become_method: 'su', ansible_become_user: 'hw-guest', ansible_become_pass: password };
    const { status, text, out } = await run({ ...variables, ...become });
    assert.deepEqual([status, out], ['changed', 'hw-guest'], text);
    const wrong = await run({ ...variables, ...become, ansible_su_pass: 'not this one' });
    assert.match(wrong.text, /su on hw-guest@\S+ port \d+ did not accept the password to become hw-guest/);
  });

  it('is unreachable with a wrong one', async () => {
    const { text } = await run({ ansible_user: 'hw-guest', ansible_password: 'not this one' });
    assert.match(text, /rejected every login method \(tried: password/);
    assert.doesNotMatch(text, /not this one/);
  });
});
