import type { EventReader } from '../events/stream.ts';

/** A reader of the run's events that shows or stores them. */
export interface Reporter {
  readonly read: EventReader;
  /** Shows at once what waits to be shown, so that a question comes after it. */
  readonly flush?: () => void;
  /** Waits until everything is written. */
  readonly close: () => Promise<void>;
  /** Whether a person sees at once what it tells. */
  readonly seen?: boolean;
}

export interface ReporterOptions {
  /** Takes text for people or programs; a terminal, a pipe or a file. */
  readonly write: (text: string) => void;
  readonly colors: boolean;
  readonly diff: boolean;
  readonly verbosity: number;
  /** Hosts whose tasks' output is shown while they print it. */
  readonly follow?: ReadonlySet<string>;
  /** `--check`: nothing is changed, and the words say so. */
  readonly check: boolean;
  /** Of `plan`: its file has what would change, and says how that is done. */
  readonly planned?: boolean;
  /**
   * What a module that reads has found, as text, from the fields of its result; absent where it is
   * not to be shown.
   */
  readonly found?: (module: string, fields: Readonly<Record<string, unknown>>) => string;
}

/** What a live view needs to know of its terminal. */
export interface TerminalOptions extends ReporterOptions {
  /** How wide it is now. */
  readonly columns: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
