import { ownerIds } from '../../host/file/attributes.ts';
import { entryAt } from '../../host/file/entry.ts';
import { spaceFor } from '../../host/file/space.ts';
import { stampOf } from '../../host/image/hash.ts';
import { overlaysIn, overlaysOf } from '../../host/image/overlays.ts';
import { listPath, partPath, runDirectory, stampPath } from '../../host/image/place.ts';
import { usersOf } from '../../host/image/users.ts';
import { otherNames } from '../../host/libvirt/named-files.ts';
import { all, type Look, map, printed, type Seen, within } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';

export type FetchState = Seen<ReturnType<typeof fetchState>>;

/** What is there of the image, and who has to do with it. @throws CannotTell */
export function fetchState(args: Args) {
  const { dest, manifest, uri } = args;
  const run = runDirectory(dest);
  const looks = all({
    entry: entryAt(dest),
    stamp: map(printed('stat', sh`[ -f ${dest} ] || exit 0; ${stampOf(dest)}`), text => text.trim()),
    sha256: hashOnce(args),
    space: spaceFor(dest),
    /** Bytes of this image that a run before has brought. */
    brought: map(
      printed(
        'stat',
        sh`[ "$(head -n 1 ${listPath(dest)} 2>/dev/null)" = ${manifest} ] || exit 0
stat -c %b ${partPath(dest)}`,
      ),
      blocks => Number(blocks) * 512,
    ),
    users: usersOf(dest, uri),
    overlays: printed(
      'qemu-img',
      sh`command -v qemu-img >/dev/null && [ -f ${dest} ] || exit 0
${overlaysIn(uri, [dest])}`,
    ),
    /** How many chunks came from whom, where a run has just fetched. */
    from: map(lines('from', sh`cut -d' ' -f1 ${`${run}/got`} 2>/dev/null || :`), countEach),
    /** What was wrong with peers. */
    troubles: lines('troubles', sh`cat ${`${run}/troubles`} 2>/dev/null || :`),
    ids: ownerIds(args),
  });
  const state = map(looks, ({ overlays, ...seen }) => ({
    ...seen,
    overlays: overlaysOf(overlays, [...seen.users.paths, ...otherNames(overlays, 0)]),
  }));
  return within(3600, state);
}

function lines(what: string, text: ShellText): Look<readonly string[]> {
  return map(printed(what, text), found => found.split('\n').filter(line => line !== ''));
}

function countEach(names: readonly string[]): Readonly<Record<string, number>> {
  const groups = Map.groupBy(names, name => name);
  return Object.fromEntries([...groups].map(([name, { length }]) => [name, length]));
}

/**
 * The hash of the file that is there, from what is kept where that is of this very file.
 * undefined for another size, which is another image.
 */
function hashOnce({ dest, size, manifest, sha256 }: Args): Look<string | undefined> {
  const text = sh`[ -f ${dest} ] && [ "$(stat -c %s -- ${dest})" = ${size} ] || exit 0
if { IFS= read -r of && IFS= read -r hash; } 2>/dev/null < ${stampPath(dest)} && [ "$hash" = ${manifest} ] && \
[ "$of" = "$(${stampOf(dest)})" ]
then echo ${sha256}
else sha256sum < ${dest}
fi`;
  return map(printed('sha256sum', text), found => /^[0-9a-f]{64}/.exec(found)?.[0]);
}
