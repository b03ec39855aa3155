import { CannotTell } from '../../shell/answer.ts';
import { ask, type Look, map } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { type ImageInfo, readInfo } from './info.ts';
import { lockOf } from './lock.ts';

/** A file that is an image. */
export interface ImageFile {
  readonly path: string;
  /**
   * All the names that are known: this one, that without links, and those in documents of domains
   * and in images.
   */
  readonly names: readonly string[];
  readonly info: ImageInfo;
  /** Anybody may write to it, by its permission bits. */
  readonly writable: boolean;
  /** A program has it open for writing. */
  readonly locked: boolean;
}

/** The formats that are made. */
export type Format = 'qcow2' | 'raw';

/**
 * The arguments by which qemu-img opens an image: the content of a raw one is a guest's, and must
 * not be taken for a header.
 */
export function opened(path: string, format: Format): ShellText {
  return format === 'raw' ? sh`-f raw ${path}` : sh`${path}`;
}

/**
 * The image at a path, undefined where nothing is there: permission bits, the path itself, whether
 * it looks like qcow2, whether somebody has it open for writing, and what it is. `-U` looks at one
 * that is in use, too.
 * @throws CannotTell
 */
export function imageFile(path: string, format: Format): Look<ImageFile | undefined> {
  const as = opened(path, format);
  const text = sh`[ -e ${path} ] || [ -L ${path} ] || exit 3
[ -f ${path} ] || exit 4
stat -L -c '%a' ${path}
readlink -f ${path}
case $(head -c 3 ${path} | tr -d '\\0') in QFI) echo qcow2 ;; *) echo other ;; esac
lock=$(${lockOf(path, as)}) || exit 1
echo "\${lock:-free}"
qemu-img info -U --output=json ${as}`;
  return map(ask('qemu-img', text, [0, 3, 4]), ({ code, stdout }) => {
    if (code === 3) return undefined;
    if (code === 4) throw new CannotTell(`${path} is not a regular file`);
    const [mode = '', real = '', looks = '', lock = '', ...rest] = stdout.split('\n');
    const found = readInfo(rest.join('\n'), path);
    return {
      path,
      names: [...new Set([path, real])],
      info: looks === 'qcow2' ? { ...found, format: looks } : found,
      writable: (Number.parseInt(mode, 8) & 0o222) !== 0,
      locked: lock === 'locked',
    };
  });
}
