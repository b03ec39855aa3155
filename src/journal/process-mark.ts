import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Origin, ProcessMark } from '../events/run-start.ts';

/** The mark of a process of this machine; undefined where there is none of this number. */
export function processMark(id: number): ProcessMark | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    // The name of the program, in brackets, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, begun] = [fields[0], fields[19]];
    // It has ended, and its parent has not asked how.
    if (state === 'Z') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { id, begun: `${boot} ${begun}` };
  } catch {
    return undefined;
  }
}

/** Whether the process that began a run is still there; undefined on another machine. */
export function isAtWork({ controller, process: { id, begun } }: Origin): boolean | undefined {
  return controller === hostname() ? processMark(id)?.begun === begun : undefined;
}
