// node --import watch.ts …: writes what the process cost to the file WATCH_FILE when it ends.
// Nothing of the program is changed for it.
import { readFileSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * What a process cost: MiB of memory at its peak, seconds of processor, and milliseconds that its
 * event loop was late.
 */
export interface Cost {
  readonly peak: number;
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const file = process.env.WATCH_FILE;
if (file !== undefined) {
  const resolution = 10;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  process.on('exit', () => {
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolution);
    const { user, system } = process.cpuUsage();
    // The kernel's own high-water mark of this program; that of getrusage would be its parent's, if
    // that was larger.
    const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;
    const cost: Cost = {
      ...{ peak, cpu: (user + system) / 1e6 },
      ...{ p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max) },
    };
    writeFileSync(file, JSON.stringify(cost));
  });
}
