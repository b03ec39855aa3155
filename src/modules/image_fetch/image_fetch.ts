import { change, type Decision, ok, refuse } from '../../decision.ts';
import { fixAttributes, lookUpIds, readIds } from '../../host/file/attributes.ts';
import { readEntry, statEntry } from '../../host/file/entry.ts';
import { directoryOf, readSpace, spaceSection } from '../../host/file/space.ts';
import { overlaysInTheWay } from '../../host/image/dependants.ts';
import { stampOf } from '../../host/image/hash.ts';
import { listPath, partPath, runDirectory, stampPath } from '../../host/image/place.ts';
import { overlaysIn, overlaysOf } from '../../host/image/state.ts';
import { readUsers, userSections } from '../../host/image/users.ts';
import { otherNames } from '../../host/libvirt/named-files.ts';
import { formatSize } from '../../host/size.ts';
import { accept } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { chunkProblems } from '../image_manifest/image_manifest.ts';
import { defineModule } from '../module.ts';
import { fetchChange, type FetchState as State } from './fetch-change.ts';
import { type Args, args, examples, returns } from './schema.ts';

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
  probe: (args: Args) =>
    script(
      {
        entry: statEntry(args.dest),
        stamp: sh`[ -f ${args.dest} ] || exit 0; ${stampOf(args.dest)}`,
        hash: hashOnce(args),
        ...spaceSection(args.dest),
        brought: sh`[ "$(head -n 1 ${listPath(args.dest)} 2>/dev/null)" = ${args.manifest} ] || exit 0
stat -c %b ${partPath(args.dest)}`,
        ...userSections(args.dest, args.uri),
        overlays: sh`command -v qemu-img >/dev/null && [ -f ${args.dest} ] || exit 0
${overlaysIn(args.uri, [args.dest])}`,
        from: sh`cut -d' ' -f1 ${`${runDirectory(args.dest)}/got`} 2>/dev/null || :`,
        troubles: sh`cat ${`${runDirectory(args.dest)}/troubles`} 2>/dev/null || :`,
        ...lookUpIds(args),
      },
      { limit: 3600 },
    ),
  read(answer, args: Args): State {
    const users = readUsers(answer, args.dest);
    const stands = accept(answer, 'overlays', [0], 'qemu-img').stdout;
    const lines = (section: string) =>
      accept(answer, section, [0], section)
        .stdout.split('\n')
        .filter(line => line !== '');
    const from: Record<string, number> = {};
    for (const peer of lines('from')) from[peer] = (from[peer] ?? 0) + 1;
    return {
      entry: readEntry(answer, 'entry'),
      stamp: accept(answer, 'stamp', [0], 'stat').stdout.trim(),
      sha256: /^[0-9a-f]{64}/.exec(accept(answer, 'hash', [0], 'sha256sum').stdout)?.[0],
      free: readSpace(answer)?.free,
      brought: Number(accept(answer, 'brought', [0], 'stat').stdout) * 512,
      users,
      overlays: overlaysOf(stands, [...users.paths, ...otherNames(stands, 0)]),
      from,
      troubles: lines('troubles'),
      ids: readIds(answer, args),
    };
  },
  decide,
});

/**
 * Prints the hash of the file that is there, from what is kept where that is of this very file.
 * Another size is another image.
 */
function hashOnce({ dest, size, manifest, sha256 }: Args): ShellText {
  return sh`[ -f ${dest} ] && [ "$(stat -c %s -- ${dest})" = ${size} ] || exit 0
if { IFS= read -r of && IFS= read -r hash; } 2>/dev/null < ${stampPath(dest)} && [ "$hash" = ${manifest} ] && [ "$of" = "$(${stampOf(dest)})" ]
then echo ${sha256}
else sha256sum < ${dest}
fi`;
}

function decide(args: Args, state: State): Decision<State> {
  const { dest, sha256 } = args;
  const { entry, free, ids, users } = state;
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
  if (free === undefined)
    return refuse(`there is no directory ${directoryOf(dest)}`, 'Make it first (module file, state: directory).', {
      needs: [{ kind: 'path', name: directoryOf(dest) }],
    });
  if (users.domains.length > 0 && entry)
    return refuse(
      `${dest} is another image, and a disk of ${users.domains.join(', ')}`,
      'It is not replaced under a guest. Choose another dest, or take it out of the guest first.',
    );
  if (entry && users.locked) return refuse(`${dest} is open for writing`, `Find by whom: lsof ${dest}.`);
  if (state.overlays.length > 0) return overlaysInTheWay(dest, 'replaced', state.overlays);
  const needed = Math.max(0, args.bytes - state.brought);
  // What is left keeps the file system, and guests on it, from running full.
  if (needed > free * 0.95)
    return refuse(
      `${formatSize(needed)} do not fit in ${directoryOf(dest)}: ${formatSize(free)} are free`,
      'Make room first.',
    );
  return fetchChange(args, state);
}
