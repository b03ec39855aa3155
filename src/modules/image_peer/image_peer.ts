import type { ArgumentProblem } from '../../callable.ts';
import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { block, keyComment, runDirectory } from '../../host/image/place.ts';
import { accept, CannotTell } from '../../shell/answer.ts';
import { raw, sh } from '../../shell/quote.ts';
import { type Answer, script } from '../../shell/script.ts';
import { chunkProblems } from '../image_manifest/image_manifest.ts';
import { defineModule } from '../module.ts';
import { closePeer, makeKey } from './close.ts';
import { keysFile, openPeer } from './open.ts';
import { type Args, args, examples, publicKey, returns } from './schema.ts';

interface State {
  /** What a run has left or has in use: the directory, lines in the file of keys. */
  readonly directory: boolean;
  readonly lines: number;
  readonly keysFile: 'is good' | 'has no home' | 'is a link';
  readonly programs: boolean;
  readonly hostKeys: readonly string[];
}

/** A host as one of those that pass an image on. */
export const imagePeer = defineModule({
  name: 'image_peer',
  summary: 'Lets hosts fetch chunks of an image from each other, with keys for one run.',
  description: `A part of the role image-distribution. \`key\` makes a key pair on the host, below
/run for root alone; the private part never leaves it. \`open\` lets the keys of the other hosts
in, with a forced command that knows the chunks of this one image and nothing else, until they
expire; and it pins the host keys of the peers. \`closed\` takes all of it away, also what a killed
run has left. Other lines of authorized_keys stay as they are.`,
  args,
  returns,
  examples,
  problems,
  probe: (args: Args) =>
    script({
      directory: sh`if [ -d ${runDirectory(args.dest)} ]; then echo yes; fi`,
      lines: sh`${keysFile(args.authorized_keys)}
[ -e "$keys" ] || { echo 0; exit 0; }
grep -c -F ${` ${keyComment(args.dest)}`} "$keys"`,
      programs: raw('command -v ssh >/dev/null && command -v ssh-keygen >/dev/null && echo yes || :'),
      host: raw('cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null || :'),
    }),
  read,
  decide,
});

function problems({ state, chunks, chunk_size, limit, fanout }: Args): readonly ArgumentProblem[] {
  const problems: ArgumentProblem[] = [...chunkProblems(chunk_size)];
  if (state === 'open' && chunks === undefined) problems.push({ argument: 'chunks', message: 'is needed for open' });
  const least = fanout * block;
  if (limit !== 0 && limit < least)
    problems.push({
      argument: 'limit',
      message: `is for ${fanout} transfers at once: at least ${least} bytes a second`,
    });
  return problems;
}

/** @throws CannotTell */
function read(answer: Answer): State {
  const { code, stdout } = accept(answer, 'lines', [0, 1, 4, 5], 'grep');
  const count = Number(stdout);
  if (code < 4 && !Number.isInteger(count)) throw new CannotTell(`the file of keys cannot be read: ${stdout}`);
  return {
    directory: accept(answer, 'directory', [0], 'test').stdout.trim() === 'yes',
    lines: code < 4 ? count : 0,
    keysFile: code === 4 ? 'has no home' : code === 5 ? 'is a link' : 'is good',
    programs: accept(answer, 'programs', [0], 'sh').stdout.trim() === 'yes',
    hostKeys: hostKeys(accept(answer, 'host', [0], 'cat').stdout),
  };
}

/** Without comments. RSA only where there is nothing else: it is long. */
function hostKeys(text: string): readonly string[] {
  const all = text.split('\n').map(line => line.split(' ').slice(0, 2).join(' '));
  const good = all.filter(key => new RegExp(publicKey).test(key));
  const short = good.filter(key => !key.startsWith('ssh-rsa '));
  return short.length > 0 ? short : good;
}

function decide(args: Args, state: State): Decision<State> {
  const left = [
    ...(state.directory ? [`${runDirectory(args.dest)}\n`] : []),
    ...(state.lines > 0 ? [`${state.lines} keys in authorized_keys\n`] : []),
  ].join('');
  if (args.state === 'closed' && left === '') return ok('nothing is left of a run');
  const refusal = refusalOf(args, state);
  if (refusal) return refusal;
  const subject = `distribution of ${args.dest}`;
  if (args.state === 'closed')
    return change('the keys of a run are taken away', {
      diff: [{ subject, before: left, after: '' }],
      apply: script({ close: closePeer(args) }),
    });
  if (args.state === 'key')
    return change('a key for this run is made', {
      diff: [{ subject, before: left, after: 'a key pair for this run\n' }],
      apply: script({ close: closePeer(args), key: makeKey(args.dest) }),
      verify: 'none',
      report: applied => ({ public_key: applied.key?.stdout.trim() ?? '', host_keys: state.hostKeys }),
    });
  const { peers, keys, fanout, full } = args;
  const opening = {
    dest: args.dest,
    file: args.file ?? args.dest,
    full,
    keys,
    peers,
    fanout,
    chunks: args.chunks!,
    chunkSize: args.chunk_size,
    limit: args.limit,
    expires: args.expires,
  };
  return change('the keys of the run are let in', {
    diff: [
      {
        subject,
        before: '',
        after: `${keys.length} keys may fetch chunks\n${peers.map(({ name }) => `peer ${name}\n`).join('')}`,
      },
    ],
    apply: script({ open: openPeer(opening, args.authorized_keys) }),
    verify: 'none',
  });
}

function refusalOf(args: Args, state: State): Refuse | undefined {
  if (state.keysFile === 'has no home')
    return refuse('root has no home on the host', 'Name the file of keys that sshd reads (authorized_keys).');
  if (state.keysFile === 'is a link')
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
