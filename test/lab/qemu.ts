import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Disk } from './disks.ts';
import type { Accelerator } from './emulator.ts';
import { MachineFailure } from './machine-failure.ts';
import { withQmp } from './qmp.ts';
import { consoleLog, type Running, whatQemuSaid } from './running.ts';
import { type Shape, shapeArguments } from './shapes.ts';

export type Machine = {
  /** The directory of QEMU itself. */
  qemu: string;
  shape: Shape;
  accelerator: Accelerator;
  disks: Disk[];
  /** Where the logs go. */
  directory: string;
  /** A directory with a short path: the name of a socket may have a hundred characters. */
  sockets: string;
  port: number;
  /** Boots this kernel itself, instead of the boot loader of the first disk. */
  kernel?: { file: string; initrd: string; append: string };
  /** Whether it outlives this process. Otherwise it ends with it, as on Ctrl-C. */
  lasting?: boolean;
  /** Further arguments: another machine type, more devices. */
  devices?: readonly string[];
  /** Goes on from memory saved in this file, instead of booting. */
  memory?: string;
};

/** The processor and devices that a machine has, without what differs from run to run. */
export function hardwareArguments(shape: Shape, accelerator: Accelerator): string[] {
  // QEMU 7.2 computes the flags after cmpxchg16b from stale state: an interrupt at that moment
  // saves and restores garbage (trap flag, virtual-8086 mode), and the kernel double faults.
  // Without the feature the kernel avoids it. The others say that a string instruction is the
  // fastest way to copy or clear memory. Emulated, it takes a byte at a time.
  const cpu = ['max', ...['cx16', 'erms', 'fsrm', 'fsrs', 'fzrm'].map(feature => `${feature}=off`)].join(',');
  const [accel, model] = accelerator === 'kvm' ? ['kvm', 'max'] : ['tcg,thread=multi', cpu];
  return ['-accel', accel, '-cpu', model, ...shapeArguments(shape), '-device', 'virtio-rng-pci'];
}

/** Milliseconds in which QEMU sets up a machine, on a busy one. */
const setupLimit = 60_000;

/**
 * Starts QEMU in the background, and resolves once it has set up the machine and answers. What QEMU
 * says goes to `qemu.log`, what the machine says to `console.log`. Rejects with a MachineFailure.
 */
export async function startQemu(machine: Machine): Promise<Running> {
  const { directory, lasting = false, sockets } = machine;
  const [command, ...args] = commandOf(machine);
  rmSync(join(sockets, 'qmp'), { force: true });
  const out = openSync(join(directory, 'qemu.log'), 'w');
  // One that lasts has a session of its own: a Ctrl-C in ours is not for it.
  const options: SpawnOptions = { stdio: ['ignore', out, out], detached: lasting };
  const child = spawn(command, args, options);
  closeSync(out);
  if (lasting) child.unref();
  await setUp(child, machine);
  return { pid: child.pid as number, directory, sockets };
}

async function setUp(child: ChildProcess, { directory, sockets }: Machine): Promise<void> {
  await once(child, 'spawn');
  const deadline = Date.now() + setupLimit;
  while (child.exitCode === null && child.signalCode === null) {
    if (await answers(join(sockets, 'qmp'))) return;
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new MachineFailure(`QEMU has not set up its machine within ${setupLimit / 1000} s`);
    }
    await setTimeout(20);
  }
  throw new MachineFailure(`QEMU did not start${whatQemuSaid(directory)}`);
}

function answers(socketFile: string): Promise<boolean> {
  return withQmp(socketFile, qmp => qmp.execute('query-status')).then(
    () => true,
    () => false,
  );
}

/**
 * The command of a machine. QEMU runs from a directory of its own: program, libraries and firmware
 * (see image/build.sh).
 */
export function commandOf(machine: Machine): [string, ...string[]] {
  const { directory, disks, kernel, memory, port, qemu, sockets } = machine;
  const libraries = join(qemu, 'lib');
  const drives = disks.flatMap(({ file, format, serial }, index) => [
    ...['-drive', `if=none,id=disk${index},format=${format},cache=unsafe,discard=unmap,file=${file}`],
    ...['-device', `virtio-blk-pci,drive=disk${index},serial=${serial}${index === 0 ? ',bootindex=1' : ''}`],
  ]);
  const direct = kernel ? ['-kernel', kernel.file, '-initrd', kernel.initrd, '-append', kernel.append] : [];
  return [
    join(libraries, 'ld-linux-x86-64.so.2'),
    ...['--library-path', libraries, join(qemu, 'qemu-system-x86_64'), '-L', join(qemu, 'share')],
    ...['-name', 'hostwright-lab,process=qemu-lab', '-nodefaults', '-vga', 'std', '-display', 'none'],
    ...hardwareArguments(machine.shape, machine.accelerator),
    ...drives,
    ...['-netdev', `user,id=net0,hostfwd=tcp:127.0.0.1:${port}-:22`, '-device', 'virtio-net-pci,netdev=net0'],
    ...['-chardev', `file,id=console,path=${consoleLog(directory)}`, '-serial', 'chardev:console'],
    ...['-qmp', `unix:${join(sockets, 'qmp')},server=on,wait=off`],
    ...direct,
    ...(machine.devices ?? []),
    ...(memory ? ['-incoming', `exec:cat '${memory}'`] : []),
  ];
}

/** A port of the loopback address that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
