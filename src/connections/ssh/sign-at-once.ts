import type { Client, ParsedKey } from 'ssh2';

type Offer = (user: string, key: ParsedKey, algorithm?: string, sign?: Sign) => void;
type Sign = (data: Buffer, done: (signature: Buffer) => void) => void;

const hashes: Readonly<Record<string, string>> = {
  'ssh-rsa': 'sha1',
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
};

/**
 * Lets a client show a private key and its signature in one, as RFC 4252 (section 7) allows. ssh2
 * first asks whether the key would do, which is a round trip, and has no option against it. A key
 * that an agent holds is still asked for: the agent may have to ask its user.
 */
export function signAtOnce(client: Client): void {
  const { _protocol: protocol } = client as unknown as { _protocol?: { authPK?: Offer } };
  const offer = protocol?.authPK?.bind(protocol);
  if (!protocol || !offer) return; // an ssh2 that has changed within: it asks
  protocol.authPK = (user, key, algorithm, sign) => {
    if (sign || !key.isPrivateKey?.()) return offer(user, key, algorithm, sign);
    offer(user, key, algorithm, (data, done) => {
      const signature: Buffer | Error = key.sign(data, hashes[algorithm ?? key.type]);
      // Why it cannot sign is told should the host want it.
      if (signature instanceof Error) offer(user, key, algorithm);
      else done(signature);
    });
  };
}
