import { change, type Decision, refuse } from '../../decision.ts';
import { overlaysInTheWay, unused } from '../../host/image/dependants.ts';
import type { ImageFile } from '../../host/image/image-file.ts';
import type { ImageState } from '../../host/image/state.ts';
import { namedByNone } from '../../host/libvirt/all-domains.ts';
import { formatSize } from '../../host/size.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { Args } from './schema.ts';

/** Removes an image that is not needed. */
export function remove(args: Args, state: ImageState, image: ImageFile): Decision<ImageState> {
  const users = state.users[args.path] ?? [];
  if (users.length > 0)
    return refuse(
      `${args.path} is a disk of ${users.join(', ')}`,
      'Take it out of the guest first, or remove the guest.',
    );
  if (image.locked) return refuse(`${args.path} is open for writing`, `Find by whom: lsof ${args.path}.`);
  if (state.overlays.length > 0) return overlaysInTheWay(args.path, 'removed', state.overlays);
  return change('exists', {
    diff: [{ subject: args.path, before: `${image.info.format} ${formatSize(image.info.size)}\n`, after: '' }],
    guard: script({ ...unused(args, image), domains: namedByNone(args.uri, image.names) }),
    apply: script({ remove: sh`rm -f -- ${args.path}` }),
    hazards: [{ hazard: 'data-loss', subject: args.path, because: 'the image is removed with all that is in it' }],
    removes: [{ kind: 'path', name: args.path }],
  });
}
