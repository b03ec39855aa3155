import { originOf, readMounts } from '../../host/file/mounts.ts';
import type { MountSource } from '../../host/mount/state.ts';
import { accept } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';

/**
 * Shell text that prints the real path of a source, and of a device its numbers: by these it is
 * found among the mounts.
 */
export function printSource(src: string): ShellText {
  const [, tag, value] = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.*)$/.exec(src) ?? [];
  const path = tag === undefined ? src : `/dev/disk/by-${tag.toLowerCase()}/${value!.replace(/^"|"$/g, '')}`;
  return sh`if [ -b ${path} ]; then readlink -f -- ${path}; stat -L -c '%t:%T' -- ${path}
elif [ -e ${path} ]; then readlink -f -- ${path}; fi`;
}

/** Reads the answer of {@link printSource} with the mounts of the same probe. @throws CannotTell */
export function readSource(answer: Answer): MountSource {
  const [real = '', device = ''] = accept(answer, 'source', [0], 'readlink').stdout.split('\n');
  if (device !== '' || !real.startsWith('/')) return { real, device };
  return { real, device, origin: originOf(readMounts(answer, 'mounts'), real) };
}
