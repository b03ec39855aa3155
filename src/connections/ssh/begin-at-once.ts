import type { Client } from 'ssh2';

interface Handlers {
  SERVICE_ACCEPT?: (protocol: unknown, name: string) => void;
  EXT_INFO?: (protocol: unknown, extensions: unknown) => void;
}

/**
 * Lets a client begin to log in once the host has said which signatures it takes (RFC 8308), which
 * it says right behind the key exchange. ssh2 first waits until the host grants the service
 * "ssh-userauth", which is a round trip, and has no option against it; a host that does not grant
 * it disconnects (RFC 4253, section 10). Of a host that says nothing of signatures it waits for the
 * grant.
 * @param granted called when the host has granted it
 */
export function beginAtOnce(client: Client, granted: () => void): void {
  const { _protocol: protocol } = client as unknown as { _protocol?: { _handlers?: Handlers } };
  const handlers = protocol?._handlers;
  const { EXT_INFO: learn, SERVICE_ACCEPT: logIn } = handlers ?? {};
  if (!handlers || !learn || !logIn) return; // an ssh2 that has changed within: it waits
  let begun = false;
  const begin = (name: string): void => {
    if (!begun) logIn(protocol, name);
    begun = true;
  };
  handlers.SERVICE_ACCEPT = (_, name) => {
    granted();
    begin(name);
  };
  handlers.EXT_INFO = (_, extensions) => {
    learn(protocol, extensions);
    begin('ssh-userauth');
  };
}
