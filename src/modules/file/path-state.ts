import { ownerIds } from '../../host/file/attributes.ts';
import { entryAt } from '../../host/file/entry.ts';
import type { Ids } from '../../host/file/ids.ts';
import { mountPoints, mountsWithin } from '../../host/file/mounts.ts';
import { realEntry, tidyPath } from '../../host/file/resolve.ts';
import { all, later, map, printed, type Seen } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { entriesBelow } from './entries-below.ts';
import { placeAt } from './place-at.ts';
import type { Args } from './schema.ts';
import { printSystemDirectories } from './system-directories.ts';

/** What {@link pathState} sees. */
export type PathState = Seen<ReturnType<typeof pathState>>;

/** The same, where the host knows the owner and the group. */
export type OwnedPath = Omit<PathState, 'ids'> & { readonly ids: Ids };

/** What {@link linkAt} sees. */
export type Link = Seen<ReturnType<typeof linkAt>>;

/** What {@link removalOf} sees. */
export type Removal = Seen<ReturnType<typeof removalOf>>;

/** What is at a path, and as far as its state needs it: a link, what a removal would take, what is below. */
export function pathState(args: Args) {
  const { state, src } = args;
  // What is removed is the entry itself: with a slash behind it, a link would be what it leads to.
  const path = state === 'absent' ? tidyPath(args.path) : args.path;
  const linking = state === 'link' || state === 'hard';
  const follow = args.follow && state !== 'absent' && !linking;
  return all({
    place: placeAt(path, follow),
    link: linking && src !== undefined ? linkAt(path, src) : undefined,
    removal: state === 'absent' ? removalOf(path) : undefined,
    below: args.recurse ? entriesBelow(path) : undefined,
    ids: ownerIds(args),
  });
}

/** What a link says, and what `src` is, seen from the directory of the link. */
function linkAt(path: string, src: string) {
  const source = src.startsWith('/') ? src : `${path.replace(/[^/]*$/, '')}${src}`;
  const looks = all({
    says: printed('readlink', sh`if [ -L ${path} ]; then readlink -- ${path}; fi`),
    source: entryAt(source, { follow: true }),
  });
  return map(looks, ({ says, source }) => ({ src, source, says: says.replace(/\n$/, '') }));
}

/**
 * Up to a hundred paths at and below it; where it really is, without links in its parents; the
 * directories of the system that it is, by whatever name; and the mount points at it or below it.
 */
function removalOf(path: string) {
  const directory = sh`[ -d ${path} ] && [ ! -L ${path} ]`;
  const looks = all({
    // The list is for the diff: what may not be read is removed by who may.
    listing: printed('find', sh`if ${directory}; then find ${path} 2>/dev/null | head -n 101; fi`),
    real: realEntry(path),
    system: printed(
      'The look at directories of the system',
      sh`if ${directory}; then ${printSystemDirectories(path)}; fi`,
    ),
    mounts: later(mountPoints),
  });
  return map(looks, ({ listing, real, system, mounts }) => ({
    listing: listing.split('\n').slice(0, -1),
    real,
    system: system.split('\n').filter(Boolean),
    mounts: real === undefined ? [] : mountsWithin(mounts(), real),
  }));
}
