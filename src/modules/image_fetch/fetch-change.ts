import { type Change, change } from '../../decision.ts';
import type { Ids } from '../../host/file/ids.ts';
import { formatMode, resolveMode } from '../../host/file/mode.ts';
import { directoryOf } from '../../host/file/space.ts';
import { noOverlays } from '../../host/image/dependants.ts';
import { stampOf } from '../../host/image/hash.ts';
import { openedByNone } from '../../host/image/lock.ts';
import { block, listPath, manifestPath, partPath, runDirectory, stampPath } from '../../host/image/place.ts';
import { namedByNone } from '../../host/libvirt/all-domains.ts';
import { formatSize } from '../../host/size.ts';
import { join, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { fetchText } from './fetch.ts';
import type { FetchState } from './fetch-state.ts';
import type { Args } from './schema.ts';

/** Fetches the image, and puts it in its place. */
export function fetchChange(args: Args, { brought, entry, stamp, users }: FetchState, ids: Ids): Change<FetchState> {
  const { dest, sha256 } = args;
  const run = runDirectory(dest);
  const same = entry
    ? sh`[ "$(${stampOf(dest)})" = ${stamp} ] || exit 75`
    : sh`[ ! -e ${dest} ] && [ ! -L ${dest} ] || exit 75`;
  const guard = entry
    ? join([
        ...[same, openedByNone(dest), namedByNone(args.uri, users.paths)],
        sh`command -v qemu-img >/dev/null || exit 0`,
        noOverlays(dest, args.uri, users.paths),
      ])
    : same;
  const part = partPath(dest);
  const { uid = entry?.uid, gid = entry?.gid } = ids;
  const was = entry?.mode ?? 0o644;
  const mode = args.mode === undefined ? was : resolveMode(args.mode, was, false);
  const given = join(
    [
      sh`run=${run} part=${part} list=${listPath(dest)} size=${args.size} sha=${sha256} manifest=${args.manifest}`,
      sh`blocks=${args.chunk_size / block} parallel=${args.parallel} stall=${args.stall}`,
    ],
    ' ',
  );
  return change(entry ? 'is another image' : brought > 0 ? 'is here in part' : 'is not here', {
    diff: [
      {
        subject: dest,
        before: entry ? `${formatSize(entry.size)}${entry.size === args.size ? ', with another hash' : ''}\n` : '',
        after: `${formatSize(args.size)} sha256 ${sha256}\n`,
      },
    ],
    guard: script({ same: guard }),
    apply: script(
      {
        fetch: join([
          sh`( hw_cd ${directoryOf(dest)} && hw_ours ) || exit`,
          sh`[ -s ${`${run}/key`} ] || { echo ${`there is no key in ${run}: image_peer makes it`} >&2; exit 1; }`,
          sh`export ${given}`,
          sh`printf %s ${fetchText} > ${`${run}/fetch`} && sh ${`${run}/fetch`}`,
        ]),
        // The fetch may have taken hours.
        still: join([
          sh`( ${guard}`,
          sh`) || { echo ${
            `${dest} was changed, opened, named by a domain or put below an image, while the ` +
            `image was fetched; ${part} is kept`
          } >&2; exit 1; }`,
        ]),
        place: join([
          (uid !== undefined || gid !== undefined) &&
            sh`chown ${`${uid ?? ''}${gid === undefined ? '' : `:${gid}`}`} ${part} || exit 1`,
          sh`chmod ${formatMode(mode)} ${part} && mv -f ${part} ${dest} || exit 1
: > ${`${run}/full`}
rm -f ${listPath(dest)}
command -v restorecon >/dev/null && restorecon ${dest}
umask 022; mkdir -p ${directoryOf(stampPath(dest))} && cp ${`${run}/chunks`} ${manifestPath(dest)} &&
  { ${stampOf(dest)}; echo ${args.manifest}; } > ${stampPath(dest)}
sync -f ${dest} 2>/dev/null || sync`,
        ]),
      },
      { limit: 172_800 },
    ),
    ...(entry && {
      hazards: [{ hazard: 'data-loss' as const, subject: dest, because: 'another image is there, and is replaced' }],
    }),
    creates: [{ kind: 'path', name: dest }],
    result: { path: dest, sha256, missing: true, from: {}, troubles: [] },
  });
}
