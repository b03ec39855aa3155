import { gathered } from './gathered.ts';
import { type Form, type FormName, forms } from './index.ts';
import { reportFile } from './report-file.ts';
import type { Reporter, ReporterOptions, TerminalOptions } from './reporter.ts';
import { withTimings } from './timings.ts';

/** What a command line says of how a run is shown. */
export interface ShownAs {
  readonly output: FormName | 'auto';
  readonly verbose: number;
  readonly follow: readonly string[];
  readonly diff?: boolean;
  readonly check?: boolean;
  readonly timings?: boolean;
  /** The file that all events are written to. */
  readonly report?: string;
}

/**
 * The readers of a run's events that a command line names: what is printed, and the report.
 * @param more what the command shows that others do not
 * @throws HostwrightError `report.file` where the report cannot be written
 */
export function openReporters(
  shown: ShownAs,
  more: Pick<ReporterOptions, 'found' | 'planned'> = {},
): readonly Reporter[] {
  const { stdout } = process;
  const form: Form = forms[shown.output === 'auto' ? formFor(stdout) : shown.output];
  const options = { ...more, ...optionsOf(shown, stdout) };
  const make = (write: (text: string) => void): Reporter => {
    const reporter = form.make({ ...options, write });
    if (!shown.timings) return reporter;
    return withTimings(reporter, form.reader === 'people' ? write : text => process.stderr.write(text));
  };
  const reporter = form.gathered ? gathered(stdout, make) : make(text => stdout.write(text));
  const seen = { ...reporter, seen: stdout.isTTY && form.reader === 'people' };
  return shown.report === undefined ? [seen] : [seen, reportFile(shown.report)];
}

/** A live view is for a terminal that can draw one, with somebody in front of it. */
function formFor(stdout: NodeJS.WriteStream): FormName {
  return stdout.isTTY && !process.env.CI && process.env.TERM !== 'dumb' ? 'terminal' : 'lines';
}

/** Whether what is printed there has colours. */
export function colorsFor({ isTTY }: NodeJS.WriteStream): boolean {
  return !process.env.NO_COLOR && (isTTY || Boolean(process.env.FORCE_COLOR));
}

function optionsOf(
  { check = false, diff = false, follow, verbose }: ShownAs,
  stdout: NodeJS.WriteStream,
): Omit<TerminalOptions, 'write'> {
  return {
    colors: colorsFor(stdout),
    diff,
    verbosity: verbose,
    check,
    follow: new Set(follow),
    columns: () => stdout.columns || 80,
    now: Date.now,
  };
}
