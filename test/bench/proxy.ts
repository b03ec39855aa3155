// node proxy.ts '{"delay": 50, "rate": 0, "to": [{"address": "127.0.1.1", "port": 2222}]}': a port
// of its own for each host, and a long or narrow way behind it.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** What it is started with, and prints the ports for, as a JSON list. */
export interface ProxyOptions {
  /** Milliseconds that each direction takes. */
  readonly delay: number;
  /** Bytes a second towards all hosts together; 0: no limit. */
  readonly rate: number;
  readonly to: readonly { readonly address: string; readonly port: number }[];
}

const { delay, rate, to } = JSON.parse(process.argv[2]!) as ProxyOptions;
let free = 0;

const ports = await Promise.all(
  to.map(async ({ address, port }) => {
    // What comes before the way to the host is open waits for it.
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, client => {
      void join(client, () => connect({ host: address, port, noDelay: true, allowHalfOpen: true }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }),
);
process.stdout.write(`${JSON.stringify(ports)}\n`);
process.stdin.resume().on('end', () => process.exit());

async function join(client: Socket, open: () => Socket): Promise<void> {
  client.on('error', () => undefined);
  // TCP's own way: SYN, SYN and ACK, ACK. The client's socket is open at once, and a real one would
  // be after the second.
  await sleep(3 * delay);
  const host = open();
  host.on('error', () => client.destroy());
  client.on('close', () => host.destroy());
  void carry(client, host, rate);
  void carry(host, client, 0);
}

async function carry(from: Socket, into: Socket, limit: number): Promise<void> {
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      if (limit > 0) await turn(chunk.length / limit);
      if (delay > 0) setTimeout(() => into.write(chunk), delay);
      else if (!into.write(chunk)) await once(into, 'drain');
    }
    setTimeout(() => into.end(), delay);
  } catch {
    into.destroy();
  }
}

/** All connections share one line: each chunk takes it for as long as it would on the way. */
async function turn(seconds: number): Promise<void> {
  const now = performance.now();
  free = Math.max(free, now) + seconds * 1000;
  await sleep(free - now);
}
