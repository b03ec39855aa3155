import type { Hazard } from '../../events/result.ts';
import type { EventStream } from '../../events/stream.ts';
import type { FactGroup } from '../../facts/fact.ts';
import type { AnyModule } from '../../modules/module.ts';
import type { Plan, PlannedPlay } from '../../plan/plan.ts';
import type { AnyAction } from '../actions/action.ts';
import type { Approve } from './approval.ts';
import type { Batch } from './batch.ts';
import type { DownLock } from './down-lock.ts';
import type { Fleet } from './fleet.ts';
import type { LookAhead } from './look-ahead.ts';
import type { PlayPlace } from './position.ts';
import type { Review } from './review.ts';

/** What is the same for every task of a batch on every host. */
export interface PlayRun {
  readonly plan: Plan;
  readonly play: PlannedPlay;
  readonly place: PlayPlace;
  readonly fleet: Fleet;
  readonly batch: Batch;
  readonly modules: ReadonlyMap<string, AnyModule>;
  readonly actions: ReadonlyMap<string, AnyAction>;
  /** Groups that the play reads. */
  readonly facts: readonly FactGroup[];
  readonly check: boolean;
  readonly allowed: readonly Hazard[];
  /** `--force-handlers`. */
  readonly forceHandlers: boolean;
  readonly verbosity: number;
  /** Looks at what modules decide, before anything is done. */
  readonly review?: Review;
  /** Asked before each task; without it all run. */
  readonly approve?: Approve;
  readonly events: EventStream;
  readonly down: DownLock;
  readonly lookAhead: LookAhead;
  /** Texts that no event may show; the run adds to them. */
  readonly secrets: Set<string>;
  readonly signal: AbortSignal;
}
