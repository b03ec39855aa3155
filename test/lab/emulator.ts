export type Accelerator = 'kvm' | 'tcg';

/** What runs a machine: the directory of a QEMU, and how it executes. */
export type Emulator = { qemu: string; accelerator: Accelerator };
