import { change, type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import { overlaysInTheWay, unused } from '../../host/image/dependants.ts';
import type { ImageFile } from '../../host/image/image-file.ts';
import type { ImageState } from '../../host/image/state.ts';
import { formatSize } from '../../host/size.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { backingMismatch, backingProblem, protection, toProtect } from './backing.ts';
import { create } from './create.ts';
import { remove } from './remove.ts';
import type { Args } from './schema.ts';

/** What an image comes to, from the file that is there and from what depends on it. */
export function decideImage(args: Args, state: ImageState): Decision<ImageState> {
  const { image } = state;
  if (args.state === 'absent') return image ? remove(args, state, image) : ok('is absent already');
  const refusal = backingProblem(args, state);
  if (refusal) return refusal;
  return image ? keep(args, state, image) : create(args, state);
}

/** A file that is there: what was chosen when it was made can only be confirmed. */
function keep(args: Args, state: ImageState, image: ImageFile): Decision<ImageState> {
  const refusal = otherImage(args, state, image);
  if (refusal) return refusal;
  const { info } = image;
  const size = args.size ?? info.size;
  const result = { path: args.path, format: info.format, size, backing: info.backing ?? '' };
  if (size > info.size) return growTo(args, state, { image, size, result });
  const protect = toProtect(args, state);
  if (protect === undefined) return ok('is there already', { result });
  return change(`${protect} can be written to`, {
    diff: [{ subject: protect, before: 'writable\n', after: 'read-only\n' }],
    apply: script(protection(protect)),
    alters: [{ kind: 'path', name: protect }],
    result,
  });
}

/** Why the image that is there is not, and does not become, the one that is asked for. */
function otherImage(args: Args, state: ImageState, image: ImageFile): Refuse | undefined {
  const { info } = image;
  const otherThan = (message: string, advice: string): Refuse => refuse(`${args.path} ${message}`, advice);
  if (info.corrupt) return otherThan('is marked as corrupt', `Look at it first: qemu-img check ${args.path}.`);
  if (info.format !== args.format)
    return otherThan(`is ${info.format}, not ${args.format}`, 'An image is never converted here: qemu-img convert.');
  const backing = backingMismatch(args, state, image);
  if (backing) return otherThan(backing, 'An image is never put on another one here: qemu-img rebase.');
  const clusters = args.cluster_size;
  if (clusters !== undefined && clusters !== info.clusterSize)
    return otherThan(
      `has clusters of ${formatSize(info.clusterSize ?? 0)}, not of ${formatSize(clusters)}`,
      'That is chosen when an image is made. Make a new one, and convert: qemu-img convert -o cluster_size=….',
    );
  if (args.extended_l2 !== undefined && args.extended_l2 !== info.extendedL2)
    return otherThan(
      `has extended_l2 ${info.extendedL2 ? 'on' : 'off'}`,
      'That is chosen when an image is made: qemu-img convert -o extended_l2=….',
    );
  const size = args.size ?? info.size;
  if (size < info.size)
    return otherThan(
      `has ${formatSize(info.size)}, more than ${formatSize(size)}`,
      'An image is never made smaller. Give the size that it has, or leave it out.',
    );
  return undefined;
}

interface Grown {
  readonly image: ImageFile;
  /** Bytes. */
  readonly size: number;
  readonly result: Readonly<Record<string, unknown>>;
}

function growTo(args: Args, state: ImageState, { image, result, size }: Grown): Decision<ImageState> {
  const small = `${args.path} has ${formatSize(image.info.size)}, less than ${formatSize(size)}`;
  if (!args.grow) return refuse(small, 'It is made larger only with grow: true.');
  if (image.locked) {
    const guest = state.users[args.path]?.[0] ?? 'GUEST';
    return refuse(
      `${small}, and a running guest has it open`,
      `Grow it through the guest: virsh blockresize ${guest} ${args.path} ${size}B.`,
    );
  }
  if (state.overlays.length > 0) return overlaysInTheWay(args.path, 'written to', state.overlays);
  return change('is smaller', {
    diff: [{ subject: args.path, before: `${formatSize(image.info.size)}\n`, after: `${formatSize(size)}\n` }],
    guard: script(unused(args, image)),
    apply: script({
      grow: sh`qemu-img resize -q -f ${args.format} ${args.path} ${size}`,
      ...protection(toProtect(args, state)),
    }),
    alters: [{ kind: 'path', name: args.path }],
    result,
  });
}
