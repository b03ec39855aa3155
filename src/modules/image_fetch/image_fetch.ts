import { change, ok, refuse } from '../../decision.ts';
import { fixAttributes } from '../../host/file/attributes.ts';
import { refuseDirectory } from '../../host/file/missing-directory.ts';
import { directoryOf } from '../../host/file/space.ts';
import { overlaysInTheWay } from '../../host/image/dependants.ts';
import { formatSize } from '../../host/size.ts';
import { script } from '../../shell/script.ts';
import { chunkProblems } from '../image_manifest/image_manifest.ts';
import { defineModule } from '../module.ts';
import { fetchChange } from './fetch-change.ts';
import { fetchState } from './fetch-state.ts';
import { args, examples, returns } from './schema.ts';

/** An image that peers pass on in chunks. */
export const imageFetch = defineModule({
  name: 'image_fetch',
  summary: 'Fetches an image in chunks from all hosts that have some of it.',
  description: `A part of the role image-distribution: \`image_manifest\` tells the hashes,
\`image_peer\` lets the hosts at each other. Each chunk is written to its place in DEST.part, and
counts once it has its hash; what was brought stays when the task is killed, and the next goes on
from there. At the end the whole is hashed, written out and renamed. A file that is there and is
another image is only replaced with \`--allow data-loss\`, and never one that a domain names or
another image is backed by.`,
  args,
  returns,
  examples,
  problems: ({ chunk_size }) => chunkProblems(chunk_size),
  owns: ({ dest, sha256 }) => [{ subject: `image ${dest}`, attribute: 'content', value: sha256 }],
  look: fetchState,
  decide(args, state) {
    const { dest, sha256 } = args;
    const { entry, ids, overlays, space, users } = state;
    if ('kind' in ids) return ids;
    if (entry && entry.kind !== 'file') return refuse(`${dest} is a ${entry.kind}, not a file`, 'Name a file as dest.');
    const result = { path: dest, sha256, missing: false, from: state.from, troubles: state.troubles };
    if (entry && state.sha256 === sha256) {
      const fix = fixAttributes(dest, entry, args, ids);
      if (!fix) return ok('is there, with this hash', { result });
      return change(fix.reason, {
        diff: [{ subject: dest, before: fix.before, after: fix.after }],
        apply: script({ attributes: fix.commands }),
        alters: [{ kind: 'path', name: dest }],
        result,
      });
    }
    if (!space) return refuseDirectory(directoryOf(dest));
    if (users.domains.length > 0 && entry)
      return refuse(
        `${dest} is another image, and a disk of ${users.domains.join(', ')}`,
        'It is not replaced under a guest. Choose another dest, or take it out of the guest first.',
      );
    if (entry && users.locked) return refuse(`${dest} is open for writing`, `Find by whom: lsof ${dest}.`);
    if (overlays.length > 0) return overlaysInTheWay(dest, 'replaced', overlays);
    const needed = Math.max(0, args.bytes - state.brought);
    // What is left keeps the file system, and guests on it, from running full.
    if (needed > space.free * 0.95)
      return refuse(
        `${formatSize(needed)} do not fit in ${directoryOf(dest)}: ${formatSize(space.free)} are free`,
        'Make room first.',
      );
    return fetchChange(args, state, ids);
  },
});
