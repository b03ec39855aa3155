import assert from 'node:assert/strict';
import { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client, type ClientChannel } from 'ssh2';
import { noPasswords } from '../../src/connections/passwords.ts';
import { openSession } from '../../src/connections/session.ts';
import { useKeyObjects } from '../../src/connections/ssh/key-objects.ts';
import { connectSsh } from '../../src/connections/ssh/ssh.ts';
import { sh } from '../../src/shell/quote.ts';
import { script } from '../../src/shell/script.ts';
import { type Farm, startFarm } from '../sshd/farm.ts';
import { targetOf } from './target.ts';

describe('what a connection costs a host', function () {
  this.timeout(120_000);
  let farm: Farm;
  before(async () => {
    farm = await startFarm({ hosts: 1, config: ['LogLevel DEBUG3', 'RekeyLimit 64K'] });
  });
  after(async () => await farm?.stop());

  it('no proof of host keys that are not used, and a write a packet', async () => {
    const writes = countWrites();
    const connection = await connectSsh(targetOf(farm), noPasswords);
    const session = await openSession(connection, { timeout: 10 });
    await session.run(script({ it: sh`true` }), { limit: 10 });
    connection.close();
    await connection.closed;
    // The name, the proposals, the secret, the keys and the service, the signature, the channel,
    // the command, the script, the end.
    assert.ok(writes.stop() <= 11, `${writes.stop()} writes`);
    const log = join(farm.directory, 'daemon1/sshd.log');
    while (!/Disconnected from|Connection closed by/.test(readFileSync(log, 'utf8'))) await setTimeout(20);
    const said = readFileSync(log, 'utf8');
    assert.match(said, /sent \d+ hostkeys/);
    assert.doesNotMatch(said, /hostkeys-prove/);
  });

  it('a cipher for each packet, of keys that are key objects, also of those that are agreed on later', async () => {
    const { address, port } = farm.hosts[0]!;
    const client = new Client();
    let agreed = 0;
    client.on('handshake', () => {
      agreed += 1;
    });
    client.on('error', () => undefined);
    const ready = once(client, 'ready');
    client.connect({ host: address, port, username: farm.user, privateKey: readFileSync(farm.key) });
    useKeyObjects(client);
    await ready;
    const [stream] = await new Promise<ClientChannel[]>((done, fail) =>
      client.exec('head -c 1000000 /dev/zero', (error, channel) => (error ? fail(error) : done([channel]))),
    );
    let bytes = 0;
    for await (const chunk of stream!) bytes += (chunk as Buffer).length;
    assert.equal(bytes, 1_000_000);
    assert.ok(agreed > 2, `${agreed} exchanges of keys`);
    const { _protocol: protocol } = client as unknown as {
      _protocol: { _cipher: { _encKey: unknown }; _decipher: { _decipherKey: unknown } };
    };
    assert.ok(protocol._cipher._encKey instanceof KeyObject);
    assert.ok(protocol._decipher._decipherKey instanceof KeyObject);
    client.end();
    await once(client, 'close');
  });
});

/** Counts what sockets of this process give to the system. */
function countWrites(): { readonly stop: () => number } {
  type Writing = (...values: unknown[]) => void;
  const prototype = Socket.prototype as unknown as { _write: Writing; _writev: Writing };
  const { _write, _writev } = prototype;
  let count = 0;
  const counting = (write: Writing): Writing =>
    function (this: Socket, ...values) {
      count += 1;
      write.apply(this, values);
    };
  Object.assign(prototype, { _write: counting(_write), _writev: counting(_writev) });
  return {
    stop: () => {
      Object.assign(prototype, { _write, _writev });
      return count;
    },
  };
}
