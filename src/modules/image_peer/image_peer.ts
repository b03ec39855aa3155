import type { ArgumentProblem } from '../../callable.ts';
import { change, type Decision, ok } from '../../decision.ts';
import { block, runDirectory } from '../../host/image/place.ts';
import { script } from '../../shell/script.ts';
import { chunkProblems } from '../image_manifest/image_manifest.ts';
import { defineModule } from '../module.ts';
import { closePeer, makeKey } from './close.ts';
import { openPeer } from './open.ts';
import { notAPeer, type PeerState, peerState } from './peer-state.ts';
import { type Args, args, examples, returns } from './schema.ts';

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
  look: peerState,
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

function decide(args: Args, state: PeerState): Decision<PeerState> {
  const { chunks, dest } = args;
  const keys = typeof state.keys === 'number' && state.keys > 0 ? `${state.keys} keys in authorized_keys\n` : '';
  const left = `${state.directory ? `${runDirectory(dest)}\n` : ''}${keys}`;
  if (args.state === 'closed' && left === '') return ok('nothing is left of a run');
  const refusal = notAPeer(args, state);
  if (refusal) return refusal;
  // What is open has its chunks: see problems.
  if (args.state === 'open' && chunks !== undefined) return open(args, chunks);
  const subject = `distribution of ${dest}`;
  if (args.state === 'closed')
    return change('the keys of a run are taken away', {
      diff: [{ subject, before: left, after: '' }],
      apply: script({ close: closePeer(args) }),
    });
  return change('a key for this run is made', {
    diff: [{ subject, before: left, after: 'a key pair for this run\n' }],
    apply: script({ close: closePeer(args), key: makeKey(dest) }),
    verify: 'none',
    report: applied => ({ public_key: applied.key?.stdout.trim() ?? '', host_keys: state.hostKeys }),
  });
}

function open(args: Args, chunks: number): Decision<PeerState> {
  const { dest, file = dest, keys, peers } = args;
  const after = `${keys.length} keys may fetch chunks\n${peers.map(({ name }) => `peer ${name}\n`).join('')}`;
  const opening = { ...args, file, chunks, chunkSize: args.chunk_size };
  return change('the keys of the run are let in', {
    diff: [{ subject: `distribution of ${dest}`, before: '', after }],
    apply: script({ open: openPeer(opening, args.authorized_keys) }),
    verify: 'none',
  });
}
