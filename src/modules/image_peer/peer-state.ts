import { type Refuse, refuse } from '../../decision.ts';
import { keyComment, runDirectory } from '../../host/image/place.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, ask, map, printed, type Seen } from '../../shell/look.ts';
import { raw, sh } from '../../shell/quote.ts';
import { keysFile } from './open.ts';
import { type Args, publicKey } from './schema.ts';

export type PeerState = Seen<ReturnType<typeof peerState>>;

/** What a run has left or has in use, and what the host has for one. @throws CannotTell */
export function peerState({ authorized_keys, dest }: Args) {
  return all({
    directory: map(printed('test', sh`if [ -d ${runDirectory(dest)} ]; then echo yes; fi`), isYes),
    keys: keysOfRun(dest, authorized_keys),
    programs: map(
      printed('sh', raw('command -v ssh >/dev/null && command -v ssh-keygen >/dev/null && echo yes || :')),
      isYes,
    ),
    hostKeys: map(printed('cat', raw('cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null || :')), hostKeys),
  });
}

/** How many keys of the run are let in; or why the file of keys is not to be written. */
function keysOfRun(dest: string, path: string | undefined) {
  const text = sh`${keysFile(path)}
[ -e "$keys" ] || { echo 0; exit 0; }
grep -c -F ${` ${keyComment(dest)}`} "$keys"`;
  return map(ask('grep', text, [0, 1, 4, 5]), ({ code, stdout }) => {
    if (code === 4) return 'no home';
    if (code === 5) return 'a link';
    const count = Number(stdout);
    if (!Number.isInteger(count)) throw new CannotTell(`the file of keys cannot be read: ${stdout}`);
    return count;
  });
}

function isYes(text: string): boolean {
  return text.trim() === 'yes';
}

/** Without comments. RSA only where there is nothing else: it is long. */
function hostKeys(text: string): readonly string[] {
  const all = text.split('\n').map(line => line.split(' ').slice(0, 2).join(' '));
  const good = all.filter(key => new RegExp(publicKey).test(key));
  const short = good.filter(key => !key.startsWith('ssh-rsa '));
  return short.length > 0 ? short : good;
}

/** Why the host cannot be a peer, or its file of keys is not written. */
export function notAPeer(args: Args, state: PeerState): Refuse | undefined {
  if (state.keys === 'no home')
    return refuse('root has no home on the host', 'Name the file of keys that sshd reads (authorized_keys).');
  if (state.keys === 'a link')
    return refuse(
      'the file of keys of root is a symbolic link',
      'It is not written through. Name the file that sshd reads (authorized_keys).',
    );
  if (args.state === 'closed') return undefined;
  if (!state.programs)
    return refuse(
      'the host lacks ssh or ssh-keygen',
      'Install the OpenSSH client (Debian: openssh-client, Red Hat: openssh-clients).',
      { needs: [{ kind: 'program', name: 'ssh' }] },
    );
  if (state.hostKeys.length === 0)
    return refuse(
      'the host has no keys of its own (/etc/ssh/ssh_host_*_key.pub)',
      'Peers must know by what the sshd of this host proves itself: ssh-keygen -A makes keys.',
    );
  return undefined;
}
