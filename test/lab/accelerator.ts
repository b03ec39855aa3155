import type { Emulator } from './emulator.ts';
import { probeKvm, rememberedVerdict, rememberVerdict, type Verdict } from './kvm.ts';
import { MachineFailure } from './machine-failure.ts';
import type { Progress } from './progress.ts';

/**
 * Does something with a machine: with KVM where that works, else with an emulated processor, and
 * says so in a line. Where KVM fails only in the midst of it, the work begins again without: it
 * must be able to. `HOSTWRIGHT_LAB_ACCEL` (kvm or tcg) leaves no choice.
 */
export async function withEmulator<T>(
  qemu: string,
  progress: Progress,
  work: (emulator: Emulator) => Promise<T>,
): Promise<T> {
  const forced = process.env.HOSTWRIGHT_LAB_ACCEL;
  if (forced === 'kvm' || forced === 'tcg') return await work({ qemu, accelerator: forced });
  if (!(await kvmWorks(qemu, progress))) return await work({ qemu, accelerator: 'tcg' });
  try {
    return await work({ qemu, accelerator: 'kvm' });
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    rememberVerdict({ failure: error.message });
    sayEmulated(progress, error.message);
    return await work({ qemu, accelerator: 'tcg' });
  }
}

async function kvmWorks(qemu: string, progress: Progress): Promise<boolean> {
  const { failure } = rememberedVerdict() ?? (await findOut(qemu, progress));
  if (failure !== undefined) sayEmulated(progress, failure);
  return failure === undefined;
}

async function findOut(qemu: string, progress: Progress): Promise<Verdict> {
  progress.step('find out whether KVM works: boot a kernel with it');
  const verdict = await probeKvm(qemu);
  progress.end();
  rememberVerdict(verdict);
  return verdict;
}

function sayEmulated(progress: Progress, why: string): void {
  progress.say(`KVM does not work here, so the lab runs on an emulated processor, which is slower: ${why}`);
}
