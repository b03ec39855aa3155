import { type Refuse, refuse } from '../../decision.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import { type ImageFile, opened } from './image-file.ts';
import { overlaysIn } from './overlays.ts';
import type { Asked } from './state.ts';

/** The refusal to touch an image that others have as their backing file. */
export function overlaysInTheWay(path: string, what: string, overlays: readonly string[]): Refuse {
  return refuse(
    `${path} cannot be ${what}: ${overlays.join(', ')} are based on it`,
    'Every image on top of it would be destroyed. Rebase or remove those first.',
  );
}

/**
 * Sections of a guard: it is still the same image, no process has it open for writing, and no other
 * image is backed by it.
 */
export function unused({ path, format, uri }: Asked, image: ImageFile): Readonly<Record<string, ShellText>> {
  return {
    image: join([
      sh`info=$(qemu-img info --output=json ${opened(path, format)}) || exit 75`,
      sh`printf '%s' "$info" | grep -q ${`"virtual-size": ${image.info.size},`} || exit 75`,
    ]),
    overlays: noOverlays(path, uri, image.names),
  };
}

/**
 * Text of a guard: leaves with 75 where by now another image is backed by a file, which has these
 * names among others.
 */
export function noOverlays(path: string, uri: string, names: readonly string[]): ShellText {
  const below = names.flatMap(name => ['-e', `"full-backing-filename": ${JSON.stringify(name)}`]);
  return join([
    sh`all=$(${overlaysIn(uri, [path])}) || exit 1`,
    sh`case $all in 'below '* | *${'\nbelow '}*) exit 75 ;; esac`,
    sh`if printf '%s' "$all" | grep -q -F ${below}; then exit 75; fi`,
  ]);
}
