import type { EventReader } from '../events/stream.ts';

/** A reader of the run's events that shows or stores them. */
export interface Reporter {
  readonly read: EventReader;
  /** Waits until everything is written. */
  readonly close: () => Promise<void>;
}

export interface ReporterOptions {
  /** Takes text for people or programs; a terminal, a pipe or a file. */
  readonly write: (text: string) => void;
  readonly colors: boolean;
  readonly diff: boolean;
  readonly verbosity: number;
}
