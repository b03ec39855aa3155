import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { makeIso } from './iso.ts';

/**
 * A web server on this machine that the lab reaches, because QEMU's user network leads 10.0.2.2 to
 * it.
 */
export type IsoServer = {
  /** As seen from inside the lab. */
  url: string;
  /** As seen from this machine. */
  localUrl: string;
  sha256: string;
  /** How often the image was asked for. */
  requests: () => number;
  stop: () => Promise<void>;
};

/**
 * Serves a small generated ISO image under this name. Another `content` makes another version of
 * it.
 */
export async function serveIso(name: string, content = 'A small image of the lab.\n'): Promise<IsoServer> {
  const image = makeIso('LAB', 'readme.txt', content);
  let requests = 0;
  const server = createServer((request, response) => {
    const found = request.url === `/${name}`;
    if (found) requests += 1;
    response.writeHead(found ? 200 : 404, { 'content-length': found ? image.length : 0 });
    response.end(found && request.method === 'GET' ? image : undefined);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://10.0.2.2:${port}/${name}`,
    localUrl: `http://127.0.0.1:${port}/${name}`,
    sha256: createHash('sha256').update(image).digest('hex'),
    requests: () => requests,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
