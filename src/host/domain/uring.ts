import { accept, CannotTell } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
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

/** Probe sections that read what io_uring depends on. */
export function uringSections(uri: string): Readonly<Record<'versions' | 'uring', ShellText>> {
  const path = '/proc/sys/kernel/io_uring_disabled';
  return { versions: sh`${virsh(uri)} version`, uring: sh`[ -e ${path} ] || exit 3; cat ${path}` };
}

/** @throws CannotTell */
export function readUring(answer: Answer): Uring {
  const versions = accept(answer, 'versions', [0], 'virsh version').stdout;
  const version = (pattern: RegExp): number => {
    const [, major, minor, micro] = pattern.exec(versions) ?? [];
    if (major === undefined)
      throw new CannotTell(`virsh version said neither QEMU's nor libvirt's: ${versions.trim()}`);
    return Number(major) * 1_000_000 + Number(minor) * 1000 + Number(micro);
  };
  const found = accept(answer, 'uring', [0, 3], 'cat');
  const text = found.code === 3 ? '0' : found.stdout.trim();
  if (!/^[0-2]$/.test(text)) throw new CannotTell(`kernel.io_uring_disabled is ${text.slice(0, 40)}`);
  return {
    libvirt: version(/^Using library: libvirt (\d+)\.(\d+)\.(\d+)/m),
    qemu: version(/^Running hypervisor: QEMU (\d+)\.(\d+)\.(\d+)/m),
    disabled: Number(text),
  };
}

/** Why the host cannot run a guest with io_uring; undefined where it can. */
export function noUring({ disabled, libvirt, qemu }: Uring): string | undefined {
  if (libvirt < 6_003_000) return 'libvirt has io_uring from 6.3 on';
  if (qemu < 5_000_000) return 'QEMU has io_uring from 5.0 on';
  return disabled === 0 ? undefined : `kernel.io_uring_disabled is ${disabled}`;
}
