import { join, type ShellText, sh } from '../../shell/quote.ts';
import { type Answer, type Script, script } from '../../shell/script.ts';
import type { Device } from '../lvm/device.ts';
import { parseSize } from '../size.ts';
import type { FioArguments } from './arguments.ts';
import { fioRuns, limitOf } from './command.ts';
import type { Load } from './profiles.ts';
import { measure, tell } from './samples.ts';

/** All samples in one section, so that what was made is gone whatever happens. */
export function runs(args: FioArguments, load: Load, cleanUp: ShellText, before?: ShellText): Script {
  return script(
    {
      fio: join([
        before,
        sh`trap ${cleanUp.text} EXIT`,
        sh`trap 'exit 1' INT TERM HUP`,
        fioRuns({ ...args, load, size: parseSize(args.size)! }),
      ]),
      version: sh`fio --version`,
    },
    { limit: limitOf(args) },
  );
}

/** The ends of the device are zero again, by which it is proven empty. */
export function emptied({ path, size }: Device): ShellText {
  const last = Math.floor(size / 2 ** 20) - 1;
  return sh`dd if=/dev/zero of=${path} bs=1M count=1 conv=fsync 2>/dev/null; dd if=/dev/zero of=${path} bs=1M seek=${last} count=2 conv=fsync 2>/dev/null || :`;
}

/** The result of {@link runs}. */
export function report(path: string, applied: Answer): Readonly<Record<string, unknown>> {
  const found = measure(applied.fio?.stdout ?? '');
  const summary = Object.entries(found).map(([direction, measured]) => tell(direction, measured));
  return { path, version: applied.version?.stdout.trim() ?? '', summary: summary.join('; '), ...found };
}
