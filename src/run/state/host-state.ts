import type { Target } from '../../connections/connection.ts';
import type { Link } from '../../connections/link/link.ts';
import type { TaskName } from '../../events/event.ts';
import type { Pending } from '../../events/result.ts';
import type { Part } from '../../language/source.ts';
import type { Holder } from '../../shell/lock.ts';
import type { Layer } from '../../values/scope.ts';
import type { LeftOver } from './left-over.ts';
import type { Prediction } from './prediction.ts';
import type { Replay } from './replay.ts';
import { type Ahead, nothingAhead } from './upcoming.ts';

/** A run as its hosts know it. */
export interface RunIdentity extends Holder {
  /** The id of its journal, where it has one. */
  readonly recorded?: string | undefined;
}

/**
 * What a run knows of one host. Its own way through the play changes it, and a task of another host
 * that is delegated to it.
 */
export interface HostState {
  readonly name: string;
  /** The run that works on it: its id, and for people who started it from where. */
  readonly run: RunIdentity;
  /** The shell on the host that has taken it for this run. */
  lockedBy: string | undefined;
  /** How it is reached in the play that runs. */
  target: Target;
  link: Link;
  /** `stopped`: others failed, and the run ended for it too. */
  status: 'going' | 'failed' | 'unreachable' | 'lost' | 'stopped';
  /** What include_vars brought. */
  included: readonly Layer[];
  /** Registers and set_fact. */
  variables: Readonly<Record<string, unknown>>;
  /** What other hosts of a play may know of it: its variables before the play. */
  before: Pick<HostState, 'included' | 'variables'>;
  /** Fact groups by name; gathered when a play needs them. */
  facts: Readonly<Record<string, unknown>>;
  /** Handlers that are to run, by id. */
  readonly notified: Map<string, TaskName>;
  /** Conditions that stand, by what announced them. */
  readonly pending: Map<string, readonly Pending[]>;
  /** Check mode: what earlier tasks would have made, altered or removed. */
  readonly predicted: Prediction[];
  /** Check mode: the state that they would have left. */
  readonly foretold: Map<string, string>;
  /**
   * Calls of roles whose parameters fit, with the turn of the loops around them that they were
   * looked at in.
   */
  readonly soundCalls: Map<Part, readonly Layer[]>;
  /** What lies ahead of where it is. */
  ahead: Ahead;
  /** Tasks that failed and were not rescued, as far as the host has come. */
  failures: number;
  /** What a recorded run, which this one continues, has done on it. */
  readonly replay: Replay | undefined;
  /** What earlier runs have left to do on it; what this run does of it goes. */
  leftOver: LeftOver | undefined;
  /** Plays that it has gone through. */
  plays: number;
  /** How many of the batch's shared failures it has taken. */
  sharedFailures: number;
}

/** A host at the start of a run. */
export function createHostState({
  name,
  run,
  target,
  link,
  replay,
  leftOver,
}: Pick<HostState, 'name' | 'run' | 'target' | 'link' | 'replay' | 'leftOver'>): HostState {
  return {
    name,
    run,
    lockedBy: undefined,
    target,
    link,
    status: 'going',
    included: [],
    variables: {},
    before: { included: [], variables: {} },
    facts: {},
    notified: new Map(),
    pending: new Map(),
    predicted: [],
    foretold: new Map(),
    soundCalls: new Map(),
    ahead: nothingAhead,
    failures: 0,
    replay,
    leftOver,
    plays: 0,
    sharedFailures: 0,
  };
}

/** The conditions that are pending on a host, each once. */
export function pendingOf(host: HostState): readonly Pending[] {
  const { leftOver, link } = host;
  const isStanding = leftOver?.boot !== undefined && link.boot() === leftOver.boot;
  const due = isStanding ? leftOver.due : [];
  const byKey = new Map(
    [...due, ...[...host.pending.values()].flat()].map(item => [`${item.kind}\0${item.subject ?? ''}`, item]),
  );
  return [...byKey.values()];
}

/**
 * Sets variables of a host from here on: those of `set_fact` and registers, and the weaker ones of
 * `include_vars`.
 */
export function setVariables(
  host: HostState,
  variables: Readonly<Record<string, unknown>>,
  included: readonly Layer[],
): void {
  host.variables = { ...host.variables, ...variables };
  host.included = [...host.included, ...included];
}

/**
 * Takes in what a task says of conditions. A module that settles a kind has looked at all of it:
 * what others announced of that kind is gone.
 */
export function takePending(
  host: HostState,
  task: string,
  pending: readonly Pending[],
  settles: Pending['kind'] | undefined,
): void {
  if (settles === 'reboot' && host.leftOver) host.leftOver = { ...host.leftOver, due: [] };
  if (settles) {
    for (const [other, list] of host.pending)
      host.pending.set(
        other,
        list.filter(({ kind }) => kind !== settles),
      );
  }
  host.pending.set(task, pending);
}
