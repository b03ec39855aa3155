import type { Table } from './table.ts';
import type { Target } from './targets.ts';

/** What the command line says about how to measure. */
export interface Wishes {
  /** How often what is quick is measured. */
  readonly repeats: number;
  /** How often the slow peers are, on up to 20 hosts; on more they run once. */
  readonly slowRepeats: number;
  /** Small sizes, once each: to see that it works. */
  readonly quick: boolean;
  /** Names of the peers that take part in `farm` and `distance`; all of them without. */
  readonly peers?: readonly string[];
  /** Numbers of hosts for `fleet` and `image`, in place of those that they have. */
  readonly hosts?: readonly number[];
  /** Of `image`: bytes of the file, and bytes a second that a host may send (0: no limit). */
  readonly image: { readonly bytes: number; readonly rate: number };
}

/** What a part works with: a folder of its own, and what ends it. */
export interface Bench extends Wishes {
  readonly folder: string;
  /** The words that start Hostwright as it is installed. */
  readonly hostwright: readonly string[];
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Tells on stderr how far it is. */
  readonly say: (text: string) => void;
  /** Runs at the end of the part however it ends, the last first. */
  readonly atEnd: (undo: () => unknown) => void;
}

/** One thing that was measured, as often as it was. */
export interface Measurement {
  readonly who: string;
  readonly what: string;
  readonly hosts?: number;
  readonly seconds: readonly number[];
  /**
   * Peak memory of the process in MiB, and delays of its event loop in milliseconds, of the median
   * run.
   */
  readonly process?: {
    readonly peak: number;
    readonly cpu: number;
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
  };
}

/** What a part found. */
export interface Findings {
  readonly measurements: readonly Measurement[];
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
  /** What a reader of the figures must know. */
  readonly notes: readonly string[];
}

export interface Part {
  readonly name: string;
  /** What is measured, in a line. */
  readonly title: string;
  readonly measure: (bench: Bench) => Promise<Findings>;
}
