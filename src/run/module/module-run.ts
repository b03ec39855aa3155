import type { Decision } from '../../decision.ts';
import type { TaskResult } from '../../events/event.ts';
import type { JobTerms } from '../../language/model.ts';
import type { AnyModule, Context } from '../../modules/module.ts';
import type { Privilege } from '../../shell/become.ts';
import type { Heard } from '../../shell/frame.ts';
import type { DownLock } from '../state/down-lock.ts';
import type { HostState } from '../state/host-state.ts';
import type { LookAhead } from '../state/look-ahead.ts';
import type { UpcomingProbe } from '../state/question.ts';
import type { Begun } from '../state/replay.ts';
import type { Announce } from './announce.ts';
import type { Consent } from './consent.ts';

/** One module with its arguments on one host: what the steps of {@link runModule} share. */
export interface ModuleRun {
  readonly host: HostState;
  readonly module: AnyModule;
  readonly args: object;
  readonly context: Context;
  readonly become: Privilege | undefined;
  readonly consent: Consent;
  readonly check: boolean;
  /** Seconds for the apply, from `timeout:`. */
  readonly timeout: number | undefined;
  /** `async:` */
  readonly job: JobTerms | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** `if: pending`: without consent it stays pending, and is not a failure. */
  readonly ifPending: boolean;
  readonly down: DownLock;
  readonly lookAhead: LookAhead;
  /** Looks at what the module decides; what it gives ends the task. */
  readonly review: (decision: Decision) => TaskResult | undefined;
  /** Told of a change before it is sent. */
  readonly announce: Announce;
  /** A run that was cut had begun this change: where it is made, it counts as changed. */
  readonly begun: Begun | undefined;
  /** The id of the journal that names what the host keeps; absent with `no_log`. */
  readonly keptBy: string | undefined;
  /** Hears what the apply prints; absent with `no_log`. */
  readonly heard: Heard | undefined;
  /** Hosts go in step. */
  readonly inStep: boolean;
  /** Up to that many questions of the tasks that come after this one. */
  readonly upcoming: (room: number) => Promise<readonly UpcomingProbe[]>;
}

/** Seconds that a probe and an apply may take. */
export const limits = { probe: 30, apply: 1800, rehearse: 120 } as const;
