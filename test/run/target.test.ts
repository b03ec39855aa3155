import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { play } from './engine.ts';

describe('a host whose inventory names no connection', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hw-target-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function statusOf(line: string): Promise<string> {
    const inventory = join(folder, 'inventory');
    writeFileSync(inventory, `${line}\n`);
    const text = '- hosts: all\n  tasks:\n    - {name: it, command: "true"}\n';
    const run = await play(text, { inventory: [inventory], connection: 'as it comes' });
    return run.events.some(({ type }) => type === 'host.unreachable') ? 'unreachable' : run.result('it').status;
  }

  it('is this machine where it is localhost', async () => {
    assert.equal(await statusOf('localhost'), 'changed');
  });

  // Nothing listens on port 1.
  it('is reached over SSH where only its address is localhost, as behind a forwarded port', async () => {
    assert.equal(await statusOf('web ansible_host=localhost ansible_port=1'), 'unreachable');
  });

  it('is reached over SSH where it is called localhost and has another address', async () => {
    assert.equal(await statusOf('localhost ansible_host=127.0.0.1 ansible_port=1'), 'unreachable');
  });
});
