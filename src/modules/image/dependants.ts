import { join, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import type { Refuse } from '../module.ts';
import type { ImageArguments } from './arguments.ts';
import type { ImageFile } from './state.ts';

/** The refusal to touch an image that others stand on. */
export function overlaysInTheWay(path: string, what: string, overlays: readonly string[]): Refuse {
  return {
    kind: 'refuse',
    message: `${path} cannot be ${what}: ${overlays.join(', ')} stand on it`,
    advice: 'Every image on top of it would be destroyed. Rebase or remove those first.',
  };
}

/** The same image still, and nobody has it open for writing. */
export function guardOf({ path }: ImageArguments, { info }: ImageFile): Script {
  return script({
    guard: join([
      sh`info=$(qemu-img info --output=json ${path}) || exit 75`,
      sh`printf '%s' "$info" | grep -q ${`"virtual-size": ${info.size},`} || exit 75`,
    ]),
  });
}
