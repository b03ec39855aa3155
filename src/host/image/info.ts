import { CannotTell } from '../../shell/answer.ts';

/** What QEMU says of an image. Sizes are bytes. */
export interface ImageInfo {
  readonly format: string;
  readonly size: number;
  readonly clusterSize: number | undefined;
  readonly extendedL2: boolean;
  /**
   * The path that the image names as the one below it, made absolute; undefined where it stands
   * alone.
   */
  readonly backing: string | undefined;
  /** QEMU found it damaged and writes no more to it. */
  readonly corrupt: boolean;
}

/**
 * Reads `qemu-img info --output=json`.
 * @throws CannotTell for text that is none.
 */
export function readInfo(text: string, path: string): ImageInfo {
  const raw = parse(text, path);
  const own = raw['format-specific']?.data ?? {};
  if (typeof raw.format !== 'string' || typeof raw['virtual-size'] !== 'number')
    throw new CannotTell(`qemu-img said nothing of the format and size of ${path}`);
  return {
    format: raw.format,
    size: raw['virtual-size'],
    clusterSize: raw['cluster-size'],
    extendedL2: own['extended-l2'] === true,
    backing: raw['full-backing-filename'] ?? raw['backing-filename'],
    corrupt: own.corrupt === true,
  };
}

interface Raw {
  readonly format?: string;
  readonly 'virtual-size'?: number;
  readonly 'cluster-size'?: number;
  readonly 'backing-filename'?: string;
  readonly 'full-backing-filename'?: string;
  readonly 'format-specific'?: { readonly data?: { readonly 'extended-l2'?: boolean; readonly corrupt?: boolean } };
}

function parse(text: string, path: string): Raw {
  try {
    return JSON.parse(text) as Raw;
  } catch {
    throw new CannotTell(`qemu-img did not describe ${path}: ${text.slice(0, 200)}`);
  }
}
