import type { Passwords } from '../../connections/passwords.ts';
import type { Hazard } from '../../events/result.ts';
import type { RunStart } from '../../events/run-start.ts';
import type { EventStream } from '../../events/stream.ts';
import type { FactGroup } from '../../facts/fact.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { AnyModule } from '../../modules/module.ts';
import type { AnyAction } from '../actions/action.ts';
import type { Approve } from './approval.ts';
import type { RunIdentity } from './host-state.ts';
import type { LeftOver } from './left-over.ts';
import type { Recorded } from './recorded.ts';
import type { Review } from './review.ts';
import type { ConnectionOptions } from './target.ts';

/** What is told of a run when it begins, and is not in its plan. */
export type RunAbout = Omit<RunStart, 'version' | 'check' | 'hosts' | 'plays'>;

export interface RunOptions {
  /** What the run begins with, as far as the plan does not say so. */
  readonly about: RunAbout;
  readonly identity: RunIdentity;
  readonly inventory: Inventory;
  /** Reads the inventory's sources again. */
  readonly readInventory: () => Inventory;
  readonly modules: readonly AnyModule[];
  readonly actions: readonly AnyAction[];
  readonly facts: readonly FactGroup[];
  readonly check: boolean;
  /** Hosts at once. */
  readonly forks: number;
  /**
   * Questions of coming tasks that may be out on a host; with 0 each task asks when its turn comes.
   */
  readonly lookAhead: number;
  /** `--allow`. */
  readonly allowed: readonly Hazard[];
  /** `--force-handlers`. */
  readonly forceHandlers: boolean;
  readonly verbosity: number;
  readonly detailedExitCode: boolean;
  readonly connection: ConnectionOptions;
  readonly passwords: Passwords;
  readonly events: EventStream;
  /** Texts that no event may show; the run adds those of secret arguments. */
  readonly secrets: Set<string>;
  /** What earlier runs have left to do, by host. */
  readonly leftOver?: ReadonlyMap<string, LeftOver>;
  /** The run that this one continues. */
  readonly recorded?: Recorded;
  /** Looks at what modules decide, before anything is done. */
  readonly review?: Review;
  /** Asked before each task; without it all run. */
  readonly approve?: Approve;
  /** Aborted by Ctrl-C: no host starts another task. */
  readonly signal: AbortSignal;
  /** Settles once nothing is left that could go on: what the run waits for then never comes. */
  readonly dry: Promise<void>;
  /** Settles when the run is to end at once, with the results that it has. */
  readonly cut: Promise<void>;
}
