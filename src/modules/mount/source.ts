import type { MountSource } from '../../host/mount/state.ts';
import { type Look, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';

/**
 * The real path of a source, and of a device its numbers: by these it is found among the mounts.
 * @throws CannotTell
 */
export function mountSource(src: string): Look<MountSource> {
  const [, tag, value = ''] = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.*)$/.exec(src) ?? [];
  const path = tag === undefined ? src : `/dev/disk/by-${tag.toLowerCase()}/${value.replace(/^"|"$/g, '')}`;
  const text = sh`if [ -b ${path} ]; then readlink -f -- ${path}; stat -L -c '%t:%T' -- ${path}
elif [ -e ${path} ]; then readlink -f -- ${path}; fi`;
  return map(printed('readlink', text), found => {
    const [real = '', device = ''] = found.split('\n');
    return { real, device };
  });
}
