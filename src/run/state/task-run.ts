import type { TaskName } from '../../events/event.ts';
import type { SettledTask } from '../../plan/settle-task.ts';
import type { Scope } from '../../values/scope.ts';
import type { HostState } from './host-state.ts';
import type { PlayRun } from './play-run.ts';

/** One host on its way through a play. */
export interface HostRun {
  readonly run: PlayRun;
  readonly host: HostState;
}

/** One task, or one round of its loop, on one host, with the variables that it sees. */
export interface TaskRun extends HostRun {
  readonly planned: SettledTask;
  /** How events name it. */
  readonly name: TaskName;
  /** Where in the run it is, as events tell it. */
  readonly place: string;
  /** The number of the item of its loop, from 0. */
  readonly item?: number;
  readonly scope: Scope;
}
