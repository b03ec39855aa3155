import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Client } from 'ssh2';

type Key = Uint8Array | KeyObject;

interface Ciphers {
  readonly _cipher?: { _encKey?: Key };
  readonly _decipher?: { _decipherKey?: Key };
}

/**
 * Gives a client the keys of AES-GCM as key objects. ssh2 makes a cipher of node:crypto for each
 * packet, which takes Node 24 eight times as long with a key in bytes as with a key object. Where
 * ssh2 has changed within, the keys stay bytes.
 */
export function useKeyObjects(client: Client): void {
  // Comes after each exchange of keys, with all of the new ones in use.
  client.on('handshake', () => {
    const { _protocol: protocol } = client as unknown as { _protocol?: Ciphers };
    const { _cipher: cipher, _decipher: decipher } = protocol ?? {};
    if (cipher?._encKey instanceof Uint8Array) cipher._encKey = createSecretKey(cipher._encKey);
    if (decipher?._decipherKey instanceof Uint8Array) decipher._decipherKey = createSecretKey(decipher._decipherKey);
  });
}
