import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Accelerator } from './accelerator.ts';
import { mustExecute } from './execute.ts';
import { type Shape, shapeArguments } from './shapes.ts';

export type Disk = { file: string; serial: string; format: 'qcow2' | 'raw' };

/** A QEMU that runs from a directory of its own: program, libraries and firmware (see image/build.sh). */
export function qemuCommand(directory: string): string[] {
  const loader = join(directory, 'lib', 'ld-linux-x86-64.so.2');
  const program = join(directory, 'qemu-system-x86_64');
  return [loader, '--library-path', join(directory, 'lib'), program, '-L', join(directory, 'share')];
}

export type Machine = {
  /** The directory of QEMU itself. */
  qemu: string;
  shape: Shape;
  accelerator: Accelerator;
  disks: Disk[];
  /** Where the pid file and the console log go. */
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
  // QEMU 7.2 computes the flags after cmpxchg16b from stale state: an interrupt at that moment saves and restores
  // garbage (trap flag, virtual-8086 mode), and the kernel double faults. Without the feature the kernel avoids it.
  // The others say that a string instruction is the fastest way to copy or clear memory. Emulated, it takes a byte at a time.
  const cpu = ['max', ...['cx16', 'erms', 'fsrm', 'fsrs', 'fzrm'].map(feature => `${feature}=off`)].join(',');
  const [accel, model] = accelerator === 'kvm' ? ['kvm', 'max'] : ['tcg,thread=multi', cpu];
  return ['-accel', accel, '-cpu', model, ...shapeArguments(shape), '-device', 'virtio-rng-pci'];
}

/** Starts QEMU in the background and returns its pid, once it has set up everything and run off. */
export async function startQemu(machine: Machine): Promise<number> {
  const { directory, disks, kernel, memory, port, sockets } = machine;
  const drives = disks.flatMap(({ file, format, serial }, index) => [
    ...['-drive', `if=none,id=disk${index},format=${format},cache=unsafe,discard=unmap,file=${file}`],
    ...['-device', `virtio-blk-pci,drive=disk${index},serial=${serial}${index === 0 ? ',bootindex=1' : ''}`],
  ]);
  const direct = kernel ? ['-kernel', kernel.file, '-initrd', kernel.initrd, '-append', kernel.append] : [];
  const pidFile = join(directory, 'qemu.pid');
  rmSync(pidFile, { force: true });
  const arguments_ = [
    ...[
      '-name',
      'hostwright-lab,process=qemu-lab',
      '-nodefaults',
      '-vga',
      'std',
      '-display',
      'none',
      '-pidfile',
      pidFile,
    ],
    ...hardwareArguments(machine.shape, machine.accelerator),
    ...drives,
    ...['-netdev', `user,id=net0,hostfwd=tcp:127.0.0.1:${port}-:22`, '-device', 'virtio-net-pci,netdev=net0'],
    ...['-chardev', `file,id=console,append=on,path=${join(directory, 'console.log')}`, '-serial', 'chardev:console'],
    ...['-qmp', `unix:${join(sockets, 'qmp')},server=on,wait=off`],
    ...direct,
    ...(machine.devices ?? []),
    ...(memory ? ['-incoming', `exec:cat '${memory}'`] : []),
  ];
  const [command, ...prefix] = qemuCommand(machine.qemu);
  if (machine.lasting) {
    await mustExecute(command!, [...prefix, '-daemonize', ...arguments_]);
  } else {
    const ended = mustExecute(command!, [...prefix, ...arguments_]);
    ended.catch(() => {}); // whoever uses the machine notices that it is gone
    while (!existsSync(pidFile) || !readFileSync(pidFile, 'utf8').trim()) {
      await Promise.race([setTimeout(20), ended]);
    }
  }
  return Number(readFileSync(pidFile, 'utf8'));
}

/** Whether the process is a QEMU that still runs. A zombie does not: not every machine has a PID 1 that reaps. */
export function isQemuRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  try {
    return /^\d+ \(qemu-lab\) [^ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // it ended in between
  }
}

/** Throws when the machine has ended, or when its kernel has given up: then nobody needs to wait any longer. */
export function checkMachine(pid: number, directory: string): void {
  const file = join(directory, 'console.log');
  const console = existsSync(file) ? readFileSync(file, 'latin1') : '';
  const panic = console.match(/Kernel panic - .*|VFS: Unable to mount root.*/)?.[0];
  if (panic) throw new Error(`The VM's kernel gave up: ${panic.trim()} (see ${file})`);
  if (!isQemuRunning(pid)) throw new Error('The VM has ended while we waited for it');
}

/** Waits until QEMU has ended, and ends it the hard way at the limit. */
export async function qemuEnd(pid: number, limit: number): Promise<void> {
  const deadline = Date.now() + limit;
  while (isQemuRunning(pid)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGKILL');
    await setTimeout(50);
  }
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
