import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A way to a host on which everything takes long enough to tell roundTrips apart. */
export interface FarWay {
  readonly port: number;
  /** Milliseconds that each direction takes. */
  readonly delay: number;
  /** Times the client spoke after the host had, or first. */
  readonly roundTrips: () => number;
  readonly stop: () => void;
}

/** Opens a port of 127.0.0.1 that leads to the host, for one client. */
export async function startFarWay(host: { address: string; port: number }, delay = 40): Promise<FarWay> {
  let roundTrips = 0;
  let heard = true;
  const server = createServer({ noDelay: true }, client => {
    const far = connect({ host: host.address, port: host.port, noDelay: true });
    client.on('data', chunk => {
      if (heard) roundTrips += 1;
      heard = false;
      setTimeout(() => far.write(chunk), delay);
    });
    far.on('data', chunk =>
      setTimeout(() => {
        heard = true;
        client.write(chunk);
      }, delay),
    );
    client.on('error', () => undefined).on('close', () => far.destroy());
    far.on('error', () => undefined).on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, delay, roundTrips: () => roundTrips, stop: () => server.close() };
}
