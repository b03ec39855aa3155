import type { HazardNotice } from '../../decision.ts';
import { fioRuns, limitOf } from '../../host/fio/command.ts';
import type { Load } from '../../host/fio/profiles.ts';
import { measure, tell } from '../../host/fio/samples.ts';
import type { Device } from '../../host/lvm/device.ts';
import { join, type ShellText, sh } from '../../shell/quote.ts';
import { type Answer, type Script, script } from '../../shell/script.ts';
import { pathsOf } from './arguments.ts';
import type { Args } from './schema.ts';

/** How one path is taken for a measurement, and given back. */
export interface Taken {
  readonly path: string;
  /** Leaves with 75 where the path is not what it was. */
  readonly guard?: ShellText;
  /** Makes the file; it ends the shell where it cannot. */
  readonly make?: ShellText;
  readonly giveBack: ShellText;
  readonly hazards: readonly HazardNotice[];
  readonly alters: boolean;
}

/** All samples in one section, so that what was made is gone whatever happens. */
export function runs(args: Args, load: Load, taken: readonly Taken[]): Script {
  // Devices come last: they are written to only once all files could be made.
  const inOrder = [...taken.filter(({ make }) => make), ...taken.filter(({ make }) => !make)];
  const takes = inOrder.map(({ make }, at) => {
    const giveBack = inOrder.slice(0, at + 1).map(one => one.giveBack.text);
    return join([make, sh`trap ${giveBack.join('\n')} EXIT`]);
  });
  return script(
    {
      fio: join([
        ...takes,
        sh`trap 'exit 1' INT TERM HUP`,
        fioRuns({ ...args, paths: pathsOf(args), load, size: args.size }),
      ]),
      version: sh`fio --version`,
    },
    { limit: limitOf(args) },
  );
}

/** The ends of the device are zero again, by which it is proven empty. */
export function emptied({ path, size }: Device): ShellText {
  const last = Math.floor(size / 2 ** 20) - 1;
  return sh`dd if=/dev/zero of=${path} bs=1M count=1 conv=fsync 2>/dev/null; \
dd if=/dev/zero of=${path} bs=1M seek=${last} count=2 conv=fsync 2>/dev/null || :`;
}

/** The result of {@link runs}. */
export function report(paths: readonly string[], applied: Answer): Readonly<Record<string, unknown>> {
  const found = measure(applied.fio?.stdout ?? '');
  const summary = Object.entries(found).map(([direction, measured]) => tell(direction, measured));
  return {
    path: paths.join(', '),
    paths,
    version: applied.version?.stdout.trim() ?? '',
    summary: summary.join('; '),
    ...found,
  };
}
