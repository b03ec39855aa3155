import { type Refuse, refuse } from '../../decision.ts';
import type { ImageFile } from '../../host/image/image-file.ts';
import type { ImageState } from '../../host/image/state.ts';
import { formatSize } from '../../host/size.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';

/** Why an image must not have the backing file that is asked for. */
export function backingProblem({ backing, size, path }: Args, state: ImageState): Refuse | undefined {
  if (!backing) return undefined;
  const below = state.backing;
  if (!below) {
    return refuse(`there is no backing file ${backing.path}`, 'Make or fetch it first.', {
      needs: [{ kind: 'path', name: backing.path }],
    });
  }
  if (below.info.format !== backing.format)
    return refuse(
      `the backing file ${backing.path} is ${below.info.format}, not ${backing.format}`,
      'With the wrong format a guest would see a disk full of garbage. Say backing.format as it is.',
    );
  if (size !== undefined && size < below.info.size)
    return refuse(
      `${path} would be smaller than its backing file, which has ${formatSize(below.info.size)}`,
      'The end of the disk would be missing. Give at least that size, or leave it out.',
    );
  const writers = state.writers[backing.path] ?? [];
  if (!below.locked && writers.length === 0) return undefined;
  const who = writers.length > 0 ? writers.join(', ') : 'a program that has it open for writing';
  return refuse(
    `${backing.path} is a disk of ${who}`,
    'What a guest writes to a backing file destroys every image on top of it. Use a copy that no guest writes to.',
  );
}

/** How the backing file of an image that is there differs from what is asked. */
export function backingMismatch(args: Args, { backing }: ImageState, { info }: ImageFile): string | undefined {
  if (!args.backing) return undefined;
  if (info.backing === undefined) return `stands alone, not on ${args.backing.path}`;
  if (!(backing?.names ?? [args.backing.path]).includes(info.backing))
    return `is based on ${info.backing}, not on ${args.backing.path}`;
  return undefined;
}

/** The path of the backing file where it is to be read-only and is not. */
export function toProtect(args: Args, { backing }: ImageState): string | undefined {
  return args.protect_backing && backing?.writable ? backing.path : undefined;
}

/** The section that makes it so. */
export function protection(path: string | undefined): Readonly<Record<string, ShellText>> {
  return path === undefined ? {} : { protect: sh`chmod a-w ${path}` };
}
