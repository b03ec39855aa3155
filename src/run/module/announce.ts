import { type Change, reconnectsAfter } from '../../decision.ts';
import type { Privilege } from '../../shell/become.ts';
import type { HostState } from '../state/host-state.ts';
import type { TaskRun } from '../state/task-run.ts';

/** Tells that a change is about to be sent; settles once that is kept. */
export type Announce = (decision: Change) => Promise<void>;

/**
 * @param on the host that is changed
 * @param become as whom it is changed, where not as the one who logged in
 */
export function announceTo(on: HostState, task: TaskRun, become: Privilege | undefined): Announce {
  const { run, host, name, place, planned } = task;
  return decision => {
    const { verify, replaces = [], result } = decision;
    const boot = on.link.boot();
    const { noLog } = planned.settings;
    const isTold = replaces.length > 0 && !noLog;
    run.events.emit({
      type: 'task.changing',
      host: host.name,
      task: name,
      place,
      ...(on === host ? {} : { on: on.name }),
      ...(verify === 'none' && { unproven: true }),
      ...(boot === undefined ? {} : { boot }),
      ...(reconnectsAfter(decision) && result && !noLog && { fields: result }),
      ...(isTold && { replaces }),
      ...(isTold && become && { become }),
    });
    return run.events.kept();
  };
}
