import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Device } from './device.ts';
import { unrecognised } from './device-claim.ts';

/** Where the ends of a wiped device are kept, for whoever finds out too late. */
const keep = '/var/lib/hostwright/backup/wiped';

/**
 * Wipes the signatures of these types and zeroes the first and last MiB, so that the device is
 * proven empty afterwards: were the next step to fail, the next run finds an empty device and not
 * half a file system. The two MiB are copied to {@link keep} first.
 */
export function wipe(device: Device, types: readonly string[]): ShellText {
  const block = blockOf(device.size);
  const mib = raw(`bs=${block} count=${2 ** 20 / block}`);
  const last = device.size / block - 2 ** 20 / block;
  const copy = `${keep}/${device.path.replaceAll('/', '_').replace(/^_/, '')}`;
  const signatures = types.filter(type => type !== unrecognised);
  return join([
    raw('set -e; umask 077'),
    sh`mkdir -p ${keep}`,
    sh`dd if=${device.path} of=${`${copy}.first`} ${mib}`,
    sh`dd if=${device.path} of=${`${copy}.last`} ${mib} skip=${last}`,
    signatures.length > 0 && sh`wipefs -a -t ${signatures.join(',')} ${device.path}`,
    sh`dd if=/dev/zero of=${device.path} ${mib} conv=fsync`,
    sh`dd if=/dev/zero of=${device.path} ${mib} seek=${last} conv=fsync`,
    sh`case $(wipefs -J ${device.path}) in *'"type"'*) echo ${`a signature is left on ${device.real}`} >&2; exit 1;; \
esac`,
  ]);
}

/**
 * Bytes that dd reads and writes at once: a MiB, or the largest part of it that the device is a
 * multiple of.
 */
function blockOf(bytes: number): number {
  let block = 2 ** 20;
  while (bytes % block !== 0) block /= 2;
  return block;
}
