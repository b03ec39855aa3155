import type { NumberedEvent, TaskName, TaskResult } from '../events/event.ts';
import { checkBegin, endingOf } from './ending.ts';
import { followHosts } from './following.ts';
import {
  count,
  detailsOf,
  firstLine,
  indented,
  linesOf,
  paint,
  rest,
  styles,
  taskTitle,
  verbatimOf,
  withReason,
  wordOf,
  wordWidth,
} from './format.ts';
import { isTakenOver, watchOutcome } from './outcome.ts';
import { printable } from './printable.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

/**
 * Plain lines as things happen, one fact a line: for pipes, logs and terminals that cannot do more.
 * Skipped tasks are shown with `-v`.
 */
export function linesReporter(options: ReporterOptions): Reporter {
  const outcome = watchOutcome();
  const looped = new Set<string>();
  const followed = followHosts(options);
  function say(lines: readonly string[]): void {
    if (lines.length > 0) options.write(`${lines.join('\n')}\n`);
  }
  function read(event: NumberedEvent): void {
    const isTold = event.type === 'host.unreachable' && outcome.isToldUnreachable(event.host);
    outcome.read(event);
    say(followed(event));
    switch (event.type) {
      case 'item.finished':
        looped.add(`${event.host} ${event.task.id}`);
        if (shown(event.result.status, options)) say(resultLines(event, options));
        break;
      case 'task.finished':
        if (isTakenOver(event)) break;
        // The items of a loop have told all that its sum would.
        if (looped.delete(`${event.host} ${event.task.id}`) && options.verbosity === 0) break;
        if (shown(event.result.status, options)) say(resultLines(event, options));
        break;
      case 'run.finished': {
        const { recap, next, last } = endingOf(outcome, event, { ...options, fold: false });
        say([...recap, ...next, ...last]);
        break;
      }
      default:
        if (!isTold) say(otherLines(event, options));
    }
  }
  return { read, close: async () => undefined };
}

function shown(status: string, { verbosity }: ReporterOptions): boolean {
  return verbosity > 0 || status !== 'skipped';
}

interface Told {
  readonly host: string;
  readonly task: TaskName;
  readonly item?: string;
  readonly result: TaskResult;
}

/**
 * One result: `hv1  changed  lvm-pool: Make the volume group — it does not exist`, with its details
 * and diff below.
 */
function resultLines({ host, task, item, result }: Told, options: ReporterOptions): readonly string[] {
  const word = wordOf(result, options);
  const painted = paint(styles[result.status] ?? 'cyan', word.padEnd(wordWidth(options)), options);
  return [
    withReason(`${printable(host)}  ${painted} ${taskTitle(task, item)}`, result.message),
    ...indented([...detailsOf(task, result), ...verbatimOf(task, result, options)]),
  ];
}

/**
 * What is told between results: plays, batches, further attempts, hosts that failed outside any
 * task or that others stop.
 */
function otherLines(event: NumberedEvent, options: ReporterOptions): readonly string[] {
  switch (event.type) {
    case 'run.started':
      return options.check ? [paint('bold', checkBegin, options)] : [];
    case 'play.started':
      return [`${paint('bold', `PLAY ${printable(event.play)}`, options)} (${count(event.hosts.length, 'host')})`];
    case 'batch.started': {
      const head = paint('bold', `BATCH ${event.batch} of ${event.of}`, options);
      return [`${head}: ${printable(event.hosts.join(', '))}`];
    }
    case 'host.failed':
    case 'host.unreachable': {
      const status = event.type === 'host.failed' ? 'failed' : 'unreachable';
      const hint = event.type === 'host.unreachable' ? (event.hint ?? '') : '';
      const head = `${printable(event.host)}  ${paint(styles[status] ?? 'red', status, options)}`;
      return [withReason(head, event.message), ...indented([...linesOf(rest(event.message)), ...linesOf(hint)])];
    }
    case 'host.stopped': {
      const word = paint('cyan', 'stopped'.padEnd(wordWidth(options)), options);
      return [`${printable(event.host)}  ${word} — ${firstLine(event.reason)}`];
    }
    case 'task.retrying': {
      const { host, task, attempt, of } = event;
      const word = paint('cyan', 'again'.padEnd(wordWidth(options)), options);
      return [`${printable(host)}  ${word} ${taskTitle(task)} — attempt ${attempt} of ${of} failed, trying again`];
    }
    case 'message':
      return [
        `${event.host === undefined ? '' : `${printable(event.host)}  `}${event.level}: ${printable(event.text)}`,
      ];
    default:
      return [];
  }
}
