import type { Client } from 'ssh2';

type GlobalRequest = (protocol: unknown, name: string, ...rest: readonly unknown[]) => void;

/**
 * Leaves a host alone that says which other host keys it has (hostkeys-00@openssh.com, which wants
 * no reply). ssh2 has no option against asking for a proof of each, for which the host computes a
 * signature a key. Nothing here would learn the keys.
 */
export function wantNoHostKeyProofs(client: Client): void {
  const { _protocol: protocol } = client as unknown as {
    _protocol?: { _handlers?: { GLOBAL_REQUEST?: GlobalRequest } };
  };
  const handlers = protocol?._handlers;
  const take = handlers?.GLOBAL_REQUEST;
  if (!handlers || !take) return; // an ssh2 that has changed within: it asks
  handlers.GLOBAL_REQUEST = (from, name, ...rest) => {
    if (name !== 'hostkeys-00@openssh.com') take(from, name, ...rest);
  };
}
