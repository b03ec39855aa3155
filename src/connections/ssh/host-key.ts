import type { Target } from '../connection.ts';
import { Unreachable } from '../errors.ts';
import {
  addKeyCommand,
  fingerprint,
  keyType,
  knownHostName,
  readKnownHosts,
  rememberHost,
  removeKeyCommand,
} from '../known-hosts.ts';
import type { SshSettings } from '../ssh-config.ts';

export interface HostKeyCheck {
  /** What ssh2 asks with the key of the handshake. */
  readonly verify: (key: Buffer) => boolean;
  /** Key algorithms to ask for, those that are known of the host first; empty: as ssh2 has them. */
  readonly algorithms: readonly string[];
  /** Why the key was refused, once it was. */
  readonly refusal: () => Unreachable | undefined;
}

/** Signature algorithms of the key types in known_hosts. */
const algorithmsOf: Readonly<Record<string, readonly string[]>> = {
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};
const allAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/**
 * Checks a host's key against known_hosts. Unknown is an error; "accept anything" does not exist.
 */
export function hostKeyVerifier(target: Target, settings: SshSettings): HostKeyCheck {
  const known = readKnownHosts(settings.knownHostsFiles);
  const name = knownHostName(settings.hostKeyAlias ?? settings.hostname, settings.port);
  const first = known.typesOf(name).flatMap(type => algorithmsOf[type] ?? [type]);
  let refusal: Unreachable | undefined;
  function verify(key: Buffer): boolean {
    const verdict = known.verdict(name, key);
    if (verdict.kind === 'known') return true;
    const shown = `${keyType(key)} ${fingerprint(key)}`;
    const [own] = settings.knownHostsFiles;
    // What cannot be remembered would be accepted each time, whichever key it is.
    if (verdict.kind === 'unknown' && settings.acceptNew && own !== undefined) {
      rememberHost(own, name, key);
      return true;
    }
    refusal = {
      unknown: () =>
        new Unreachable('hostkey.unknown', `The key of ${target.host} is not known: ${shown}.`, {
          hint: hintFor(settings, 'authority' in verdict ? verdict.authority : undefined),
        }),
      changed: () =>
        new Unreachable(
          'hostkey.changed',
          `The key of ${target.host} is ${shown}, and not the one at ${at(verdict)}.`,
          {
            hint:
              `Someone may be in between, or the host was installed again. If you know why, take the old ` +
              `line out: ${removeKeyCommand(name, at(verdict))}`,
          },
        ),
      revoked: () =>
        new Unreachable('hostkey.revoked', `The key of ${target.host}, ${shown}, is revoked at ${at(verdict)}.`, {
          hint: 'Do not connect to it until it has another key.',
        }),
    }[verdict.kind]();
    return false;
  }
  const algorithms =
    first.length > 0 ? [...new Set([...first.filter(item => allAlgorithms.includes(item)), ...allAlgorithms])] : [];
  return { verify, algorithms, refusal: () => refusal };
}

/** What to do about a key that is not known. */
function hintFor({ knownHostsFiles, wantsNoCheck, hostname, port }: SshSettings, authority?: string): string {
  const [file] = knownHostsFiles;
  const certificate =
    authority === undefined
      ? ''
      : `The certificate authority at ${authority} is for it. Only the program ssh can check ` +
        'certificates of hosts: give the host "ansible_connection: openssh", or -c openssh. Otherwise: ';
  const unchecked = wantsNoCheck ? '"StrictHostKeyChecking no" is not followed. ' : '';
  const compare =
    "Compare it with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub on its console), then ";
  const nowhere =
    'name a file for it with ansible_ssh_known_hosts_file: UserKnownHostsFile of the ssh configuration names none.';
  if (file === undefined) return certificate + unchecked + compare + nowhere;
  const add = `run once with --host-key-checking accept-new, or add it: ${addKeyCommand(hostname, port, file)}`;
  return certificate + unchecked + compare + add;
}

function at(verdict: object): string {
  return 'at' in verdict ? String(verdict.at) : 'known_hosts';
}
