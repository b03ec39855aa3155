import type { NumberedEvent } from '../events/event.ts';
import { count, linesOf } from './format.ts';
import { isTakenOver } from './outcome.ts';
import { printable } from './printable.ts';
import type { ReporterOptions } from './reporter.ts';

/**
 * What the tasks of the hosts that `--follow` names print, as lines: while they print it, or at the
 * end of a task that was soon through.
 */
export function followHosts({ follow, verbosity }: ReporterOptions): (event: NumberedEvent) => readonly string[] {
  const told = new Set<string>();
  return event => {
    if (!('host' in event) || event.host === undefined || !follow?.has(event.host)) return [];
    const prefix = `${printable(event.host)} | `;
    if (event.type === 'task.output') {
      told.add(keyOf(event));
      const dropped = event.dropped > 0 ? [`… ${count(event.dropped, 'line')} left out`] : [];
      return [...dropped, ...linesOf(event.text)].map(line => prefix + line);
    }
    if ((event.type !== 'task.finished' && event.type !== 'item.finished') || isTakenOver(event)) return [];
    const { stdout, stderr } = event.result.fields;
    // With -v the result says it as well.
    if (told.delete(keyOf(event)) || verbosity > 0) return [];
    return [stdout, stderr]
      .flatMap(text => (typeof text === 'string' ? linesOf(text.trimEnd()) : []))
      .map(line => prefix + line);
  };
}

function keyOf({ host, task }: Extract<NumberedEvent, { type: 'task.output' | 'task.finished' | 'item.finished' }>) {
  return `${host} ${task.id}`;
}
