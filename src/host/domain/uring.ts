import { CannotTell } from '../../shell/answer.ts';
import { all, ask, type Look, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { versionsIn } from '../libvirt/versions.ts';
import { virsh } from '../libvirt/virsh.ts';

/** What io_uring depends on. */
export interface Uring {
  /** Versions as numbers that sort: 11.3.0 is 11003000. */
  readonly libvirt: number;
  readonly qemu: number;
  /**
   * /proc/sys/kernel/io_uring_disabled: 0 where everybody may use it, and where the kernel has no
   * such switch (before 6.6).
   */
  readonly disabled: number;
}

const path = '/proc/sys/kernel/io_uring_disabled';

/** What io_uring depends on, on this host. @throws CannotTell */
export function uring(uri: string): Look<Uring> {
  const looks = all({
    versions: printed('virsh version', sh`${virsh(uri)} version`),
    disabled: ask('cat', sh`[ -e ${path} ] || exit 3; cat ${path}`, [0, 3]),
  });
  return map(looks, ({ disabled, versions }) => {
    const text = disabled.code === 3 ? '0' : disabled.stdout.trim();
    if (!/^[0-2]$/.test(text)) throw new CannotTell(`kernel.io_uring_disabled is ${text.slice(0, 40)}`);
    const { libvirt, qemu } = versionsIn(versions);
    return { libvirt: sortable(libvirt, versions), qemu: sortable(qemu, versions), disabled: Number(text) };
  });
}

function sortable(version: string | undefined, said: string): number {
  const [, major, minor, micro] = /^(\d+)\.(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (major === undefined) throw new CannotTell(`virsh version said neither QEMU's nor libvirt's: ${said.trim()}`);
  return Number(major) * 1_000_000 + Number(minor) * 1000 + Number(micro);
}

/** Why the host cannot run a guest with io_uring; undefined where it can. */
export function noUring({ disabled, libvirt, qemu }: Uring): string | undefined {
  if (libvirt < 6_003_000) return 'libvirt has io_uring from 6.3 on';
  if (qemu < 5_000_000) return 'QEMU has io_uring from 5.0 on';
  return disabled === 0 ? undefined : `kernel.io_uring_disabled is ${disabled}`;
}
