import { execute } from './execute.ts';
import { qemuCommand } from './qemu.ts';

export type Accelerator = 'kvm' | 'tcg';

/** What runs a machine: the directory of a QEMU, and how it executes. */
export type Emulator = { qemu: string; accelerator: Accelerator };

/**
 * Finds out whether KVM works by running a machine with it: a `/dev/kvm` that can be opened proves nothing (it may be a
 * nested one whose instructions are not there). The firmware of the tiny machine must get as far as leaving its mark.
 */
export async function probeAccelerator(qemu: string): Promise<Accelerator> {
  const forced = process.env.HOSTWRIGHT_LAB_ACCEL;
  if (forced === 'kvm' || forced === 'tcg') return forced;
  // A boot sector would need a file; SeaBIOS itself speaks on the debug port as soon as the processor runs.
  const machine = ['-accel', 'kvm', '-cpu', 'max', '-m', '64', '-nodefaults', '-display', 'none', '-no-reboot'];
  const speak = ['-chardev', 'stdio,id=debug', '-device', 'isa-debugcon,iobase=0x402,chardev=debug'];
  const ended = new AbortController();
  let spoke = false;
  const [command, ...prefix] = qemuCommand(qemu);
  await execute(command!, [...prefix, ...machine, ...speak], {
    signal: ended.signal,
    timeout: 3000,
    onOutput(text) {
      spoke ||= text.includes('SeaBIOS');
      if (spoke) ended.abort();
    },
  }).catch(() => undefined);
  return spoke ? 'kvm' : 'tcg';
}
