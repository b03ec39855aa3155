import { jsonlReporter } from './jsonl.ts';
import { linesReporter } from './lines.ts';
import type { Reporter, TerminalOptions } from './reporter.ts';
import { terminalReporter } from './terminal.ts';

/** A form in which a run is shown. */
export interface Form {
  readonly make: (options: TerminalOptions) => Reporter;
  /** The writes of a moment go out together: for what no one watches as it comes. */
  readonly gathered: boolean;
  /** Where its text is for programs, what is for people goes to standard error. */
  readonly reader: 'people' | 'programs';
}

/** Every form by the name that `--output` has for it. */
export const forms = {
  lines: { make: linesReporter, gathered: true, reader: 'people' },
  jsonl: { make: ({ write }) => jsonlReporter(write), gathered: true, reader: 'programs' },
  terminal: { make: terminalReporter, gathered: false, reader: 'people' },
} as const satisfies Readonly<Record<string, Form>>;

/** The name of a form. */
export type FormName = keyof typeof forms;
