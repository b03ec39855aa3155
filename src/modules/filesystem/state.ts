import { parseMountinfo } from '../../host/file/mounts.ts';
import { type Device, deviceAt, inUse, usage } from '../../host/lvm/device.ts';
import { CannotTell } from '../../shell/answer.ts';
import { all, type Look, later, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { type Fstype, kindOf, parseFileSystemSize } from './kinds.ts';
import type { Args } from './schema.ts';

/** The device, and the file system that is on it where it is of the wanted kind. */
export interface FileSystemState {
  readonly device: Device | undefined;
  /** The UUID and label that the signature itself has. */
  readonly uuid: string | undefined;
  readonly label: string | undefined;
  /** Whether the host has the program that makes such a file system. */
  readonly able: boolean;
  /** Bytes of the file system that is there; looked at only to grow it. */
  readonly size: number | undefined;
  /** Where it is mounted, the whole of it first. */
  readonly mountedOn: readonly string[];
}

/** @throws CannotTell */
export function fileSystemState({ dev, fstype, resizefs }: Args): Look<FileSystemState> {
  const size = resizefs ? kindOf(fstype).size?.(dev) : undefined;
  const looks = all({
    usage: later(usage),
    device: deviceAt(dev),
    program: printed('sh', sh`command -v ${kindOf(fstype).program} || :`),
    size: size && later(map(printed(sizeTool(fstype), size), text => sizeIn(text, dev))),
  });
  return map(looks, seen => {
    const able = seen.program.trim() !== '';
    const device = seen.device && inUse(seen.device, seen.usage());
    if (device?.signatures.join() !== fstype) {
      return { device, able, uuid: undefined, label: undefined, size: undefined, mountedOn: [] };
    }
    return {
      device,
      able,
      ...namesIn(device.seen.signatures),
      size: seen.size?.(),
      mountedOn: mountPoints(device, seen.usage().mounts),
    };
  });
}

function mountPoints({ number, path, real }: Device, mounts: string): readonly string[] {
  const ours = parseMountinfo(mounts).filter(
    ({ device, source }) => device === number || source === real || source === path,
  );
  return ours.toSorted((a, b) => a.root.length - b.root.length).map(mount => mount.path);
}

/**
 * UUID and label of the one signature. wipefs has been read once already, so this is valid JSON.
 */
function namesIn(text: string): { uuid: string | undefined; label: string | undefined } {
  const { signatures } = JSON.parse(text) as { signatures: { uuid?: string | null; label?: string | null }[] };
  const find = (key: 'uuid' | 'label') => signatures.find(found => found[key])?.[key] ?? undefined;
  return { uuid: find('uuid'), label: find('label') };
}

function sizeTool(fstype: Fstype): string {
  return fstype === 'xfs' ? 'xfs_info' : 'dumpe2fs';
}

/** @throws CannotTell */
function sizeIn(text: string, path: string): number {
  const size = parseFileSystemSize(text);
  if (size === undefined) throw new CannotTell(`the size of the file system on ${path} could not be read`);
  return size;
}
