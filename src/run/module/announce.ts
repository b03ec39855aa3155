import type { Change } from '../../decision.ts';
import type { HostState } from '../state/host-state.ts';
import type { TaskRun } from '../state/task-run.ts';

/** Tells that a change is about to be sent; settles once that is kept. */
export type Announce = (decision: Change) => Promise<void>;

/** @param on the host that is changed */
export function announceTo(on: HostState, { run, host, name, place }: TaskRun): Announce {
  return ({ verify }) => {
    const boot = on.link.boot();
    run.events.emit({
      type: 'task.changing',
      host: host.name,
      task: name,
      place,
      ...(on === host ? {} : { on: on.name }),
      ...(verify === 'none' && { unproven: true }),
      ...(boot === undefined ? {} : { boot }),
    });
    return run.events.kept();
  };
}
