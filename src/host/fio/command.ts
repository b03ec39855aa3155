import { ask, map, printed } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Load } from './profiles.ts';
import { sampleMark } from './samples.ts';

/** How a load is run: `size` in bytes, times in seconds. */
export interface FioRun {
  /** Each gets jobs of its own, all at the same time. */
  readonly paths: readonly string[];
  readonly load: Load;
  readonly size: number;
  readonly samples: number;
  readonly runtime: number;
  readonly ramp: number;
  readonly direct: boolean;
}

/**
 * Shell text that runs a load so many times and prints each result as JSON after a mark; it leaves
 * the sub-shell with 1 where fio fails.
 */
export function fioRuns({ paths, load, size, samples, runtime, ramp, direct }: FioRun): ShellText {
  const words = [
    ...['--name=global', `--size=${size}`, `--rw=${load.rw}`],
    ...[`--bs=${load.bs}`, `--iodepth=${load.iodepth}`, `--numjobs=${load.numjobs}`, '--group_reporting'],
    ...(load.rwmixread === undefined ? [] : [`--rwmixread=${load.rwmixread}`]),
    ...[`--direct=${direct ? 1 : 0}`, '--ioengine=libaio', '--time_based', `--runtime=${runtime}`],
    ...[`--ramp_time=${ramp}`, '--randrepeat=0', '--refill_buffers', '--output-format=json'],
    // Jobs of one group are reported as one.
    ...paths.flatMap(path => ['--name=hostwright', `--filename=${path}`]),
  ];
  const count = Array.from({ length: samples }, (_, at) => at + 1);
  return sh`for sample in ${count}; do echo ${sampleMark}; fio ${words} || exit 1; done`;
}

/** Seconds that so many runs may take at most. */
export function limitOf({ samples, runtime, ramp }: Pick<FioRun, 'samples' | 'runtime' | 'ramp'>): number {
  return samples * (runtime + ramp + 60) + 600;
}

/** That fio is there. @throws CannotTell where it is not */
export const installed = ask('fio', sh`fio --version`);

/** How many guests run on the host. */
export const guests = map(
  printed('grep', sh`cat /proc/[0-9]*/comm 2>/dev/null | grep -c '^qemu-\\|^kvm$' || :`),
  Number,
);
