import { all, type Look, map, printed } from '../../shell/look.ts';
import { spaceFor } from '../file/space.ts';
import { domains } from '../libvirt/all-domains.ts';
import { otherNames } from '../libvirt/named-files.ts';
import type { Element } from '../libvirt/xml.ts';
import { namesOf, namesOneOf, writesToOneOf } from './domains.ts';
import { type Format, type ImageFile, imageFile } from './image-file.ts';
import { overlaysIn, overlaysOf } from './overlays.ts';

/** An image file and what depends on it. */
export interface ImageState {
  readonly image: ImageFile | undefined;
  readonly backing: ImageFile | undefined;
  /** Bytes that are free in the directory; undefined where that is not there. */
  readonly free: number | undefined;
  /** Names of the domains that name the file or the backing file anywhere, by path. */
  readonly users: Readonly<Record<string, readonly string[]>>;
  /** Those of which it is a disk that they may write to. */
  readonly writers: Readonly<Record<string, readonly string[]>>;
  /** Other images in the directory that are backed by the file. */
  readonly overlays: readonly string[];
}

/** The image that is asked about, and the one below it. */
export interface Asked {
  readonly path: string;
  readonly format: Format;
  readonly backing?: { readonly path: string; readonly format: Format };
  readonly uri: string;
}

/**
 * The image that is asked about. Who uses it is only looked at where something may be done that
 * they would notice.
 * @throws CannotTell
 */
export function imageState({ backing, format, path, uri }: Asked, usersMatter: boolean): Look<ImageState> {
  const below = backing ? [backing.path] : [];
  const looks = all({
    space: spaceFor(path),
    image: imageFile(path, format),
    backing: backing && imageFile(backing.path, backing.format),
    domains: usersMatter ? domains(uri, 'every document, volumes by path') : undefined,
    overlays: usersMatter ? printed('qemu-img', overlaysIn(uri, [path, ...below])) : undefined,
  });
  return map(looks, ({ domains = [], overlays = '', space, ...seen }) => {
    const image = withNames(seen.image, otherNames(overlays, 0));
    const backing = withNames(seen.backing, otherNames(overlays, 1));
    const files = [image, backing].filter(file => file !== undefined);
    const by = (uses: (domain: Element, paths: readonly string[]) => boolean) =>
      Object.fromEntries(files.map(({ path, names }) => [path, namesOf(domains.filter(one => uses(one, names)))]));
    return {
      image,
      backing,
      free: space?.free,
      users: by(namesOneOf),
      writers: by(writesToOneOf),
      overlays: image ? overlaysOf(overlays, image.names) : [],
    };
  });
}

function withNames(file: ImageFile | undefined, names: readonly string[]): ImageFile | undefined {
  return file && { ...file, names: [...new Set([...file.names, ...names])] };
}
