import type { NumberedEvent } from '../events/event.ts';
import { betweenLines, paint, recap, resultLines, troubleLines } from './format.ts';
import { printable } from './printable.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

/** Plain lines as things happen: for pipes, logs and terminals that cannot do more. Skipped tasks are shown with `-v`. */
export function linesReporter(options: ReporterOptions): Reporter {
  const finished: Extract<NumberedEvent, { type: 'host.finished' }>[] = [];
  const unreachable = new Set<string>();
  const looped = new Set<string>();
  const say = (text: string) => options.write(text);
  function read(event: NumberedEvent): void {
    switch (event.type) {
      case 'play.started':
        say(`${paint('bold', `PLAY ${printable(event.play)}`, options)} (${count(event.hosts.length, 'host')})\n`);
        break;
      case 'item.finished':
        looped.add(`${event.host} ${event.task.id}`);
        if (shown(event.result.status, options))
          say(resultLines(event.host, event.task, event.result, options, event.item));
        break;
      case 'task.finished':
        // The items of a loop have told all that its sum would.
        if (looped.delete(`${event.host} ${event.task.id}`) && options.verbosity === 0) break;
        if (event.result.status === 'unreachable') unreachable.add(event.host);
        if (shown(event.result.status, options)) say(resultLines(event.host, event.task, event.result, options));
        break;
      case 'host.unreachable':
        // A task has told it already, unless it was the gathering of facts.
        if (!unreachable.has(event.host)) say(troubleLines(event.host, 'unreachable', event, options));
        break;
      case 'host.failed':
        say(troubleLines(event.host, 'failed', event, options));
        break;
      case 'message':
        say(
          `${event.host === undefined ? '' : `${printable(event.host)}  `}${event.level}: ${printable(event.text)}\n`,
        );
        break;
      case 'host.finished':
        finished.push(event);
        break;
      case 'run.finished':
        say(`${paint('bold', 'RECAP', options)} (${event.seconds.toFixed(1)} s)\n${recap(finished, options)}`);
        break;
      default:
        say(betweenLines(event, options) ?? '');
    }
  }
  return { read, close: async () => undefined };
}

function shown(status: string, { verbosity }: ReporterOptions): boolean {
  return verbosity > 0 || status !== 'skipped';
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
