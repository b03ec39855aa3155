import { change, type Decision, refuse } from '../../decision.ts';
import { type Device, sameDevice } from '../../host/lvm/device.ts';
import { describeDevice } from '../../host/lvm/device-claim.ts';
import { formatSize } from '../../host/size.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import type { Args } from './schema.ts';
import type { FileSystemState } from './state.ts';

/** A file system that is smaller than its device. */
interface Small extends Pick<FileSystemState, 'mountedOn'> {
  /** Bytes. */
  readonly size: number;
}

/** Makes the file system as large as its device. */
export function grow(
  { dev, fstype }: Pick<Args, 'dev' | 'fstype'>,
  device: Device,
  { mountedOn: [point], size }: Small,
): Decision<FileSystemState> {
  if (fstype === 'xfs' && point === undefined) {
    return refuse(
      `the xfs on ${describeDevice(device)} is smaller than the device, and xfs grows only while it is mounted`,
      'Mount it first (module mount), then grow it.',
      { needs: [{ kind: 'mount', name: '*' }] },
    );
  }
  const mounted = point !== undefined;
  const command = fstype === 'xfs' && mounted ? sh`xfs_growfs ${point}` : growExt(dev, mounted);
  const use = sh`if grep -q ${` ${device.number} `} /proc/self/mountinfo; then u=1; else u=0; fi`;
  return change('is smaller than its device', {
    diff: [
      {
        subject: `${fstype} on ${describeDevice(device)}`,
        before: `${formatSize(size)}\n`,
        after: `${formatSize(device.size)}\n`,
      },
    ],
    guard: script({
      guard: join([sameDevice(device, ['facts', 'signatures']), use, sh`[ $u = ${mounted ? '1' : '0'} ] || exit 75`]),
    }),
    apply: script({ grow: command }),
    alters: [{ kind: 'path', name: dev }],
    result: { dev, fstype },
  });
}

function growExt(dev: string, mounted: boolean): ShellText {
  const resize = sh`resize2fs ${dev}`;
  // resize2fs wants a file system that was checked just now. 1 says that errors were fixed.
  return mounted ? resize : join([sh`e2fsck -f -p ${dev} || [ $? -eq 1 ]`, resize], ' &&\n');
}
