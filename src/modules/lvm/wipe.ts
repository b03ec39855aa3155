import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Device } from './device.ts';
import { unrecognised } from './device-claim.ts';

/** Where the ends of a wiped device are kept, for whoever finds out too late. */
const keep = '/var/lib/hostwright/backup/wiped';

/**
 * Wipes the signatures of these types and zeroes the first and last MiB, so that the device is proven empty afterwards: were the next
 * step to fail, the next run finds an empty device and not half a file system. The two MiB are copied to {@link keep} first.
 */
export function wipe(device: Device, types: readonly string[]): ShellText {
  const last = device.size / 512 - 2048;
  const copy = `${keep}/${device.path.replaceAll('/', '_').replace(/^_/, '')}`;
  const signatures = types.filter(type => type !== unrecognised);
  return join([
    raw('set -e; umask 077'),
    sh`mkdir -p ${keep}`,
    sh`dd if=${device.path} of=${`${copy}.first`} bs=512 count=2048`,
    sh`dd if=${device.path} of=${`${copy}.last`} bs=512 skip=${last} count=2048`,
    signatures.length > 0 && sh`wipefs -a -t ${signatures.join(',')} ${device.path}`,
    sh`dd if=/dev/zero of=${device.path} bs=512 count=2048 conv=fsync`,
    sh`dd if=/dev/zero of=${device.path} bs=512 seek=${last} count=2048 conv=fsync`,
    sh`case $(wipefs -J ${device.path}) in *'"type"'*) echo ${`a signature is left on ${device.real}`} >&2; exit 1;; esac`,
  ]);
}
