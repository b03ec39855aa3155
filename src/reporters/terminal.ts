import type { ListrTaskWrapper } from 'listr2';
import type { NumberedEvent, TaskName } from '../events/event.ts';
import { onDemand } from '../on-demand.ts';
import { betweenLines, isTrouble, recap, resultLines, troubleLines } from './format.ts';
import { printable } from './printable.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

/** Rows of tasks below the row of the play. Hosts never have rows: listr2 is quadratic in them. */
const taskRows = 10;
const redrawMilliseconds = 200;

interface Row {
  readonly task: TaskName;
  running: number;
  readonly counts: Map<string, number>;
}

interface PlayView {
  readonly name: string;
  readonly hosts: number;
  readonly rows: Map<string, Row>;
  readonly told: string[];
  readonly finish: () => void;
  readonly shown: Promise<void>;
}

/** The live view of a terminal: a row for the play with its counters, below it the tasks at work; what changed or failed stays on screen. */
export function terminalReporter(options: ReporterOptions): Reporter {
  const finished: Extract<NumberedEvent, { type: 'host.finished' }>[] = [];
  const unreachable = new Set<string>();
  let view: PlayView | undefined;
  let before: Promise<void> = Promise.resolve();

  function leave(): void {
    if (!view) return;
    const { finish, shown, told } = view;
    finish();
    before = before.then(() => shown).then(() => options.write(told.join('')));
    view = undefined;
  }
  function read(event: NumberedEvent): void {
    if (event.type === 'play.started') {
      leave();
      view = openView(event.play, event.hosts.length, before);
    } else if (event.type === 'task.started' && view) {
      rowOf(view, event.task).running += 1;
    } else if (event.type === 'task.finished' && view) {
      if (event.result.status === 'unreachable') unreachable.add(event.host);
      const row = rowOf(view, event.task);
      row.running -= 1;
      row.counts.set(event.result.status, (row.counts.get(event.result.status) ?? 0) + 1);
      if (isTold(event.result.status, options))
        view.told.push(resultLines(event.host, event.task, event.result, options));
    } else if (event.type === 'item.finished' && view) {
      if (isTold(event.result.status, options))
        view.told.push(resultLines(event.host, event.task, event.result, options, event.item));
    } else if (event.type === 'host.unreachable' && view) {
      // A task has told it already, unless it was the gathering of facts.
      if (!unreachable.has(event.host)) view.told.push(troubleLines(event.host, 'unreachable', event, options));
    } else if (event.type === 'host.failed' && view) {
      view.told.push(troubleLines(event.host, 'failed', event, options));
    } else if (event.type === 'message' && view) {
      view.told.push(
        `${event.host === undefined ? '' : `${printable(event.host)}  `}${event.level}: ${printable(event.text)}\n`,
      );
    } else if (event.type === 'host.finished') {
      finished.push(event);
    } else if (event.type === 'run.finished') {
      leave();
      before = before.then(() => options.write(`RECAP (${event.seconds.toFixed(1)} s)\n${recap(finished, options)}`));
    } else {
      const text = betweenLines(event, options);
      if (text !== undefined) view?.told.push(text);
    }
  }
  return {
    read,
    close: () => {
      // Nothing was told of the end of a run that broke off: the screen must be given back all the same.
      leave();
      return before;
    },
  };
}

function isTold(status: string, { verbosity }: ReporterOptions): boolean {
  return verbosity > 0 || status === 'changed' || status === 'unknown' || isTrouble(status as never);
}

function rowOf({ rows }: PlayView, task: TaskName): Row {
  const known = rows.get(task.id);
  if (known) return known;
  const row: Row = { task, running: 0, counts: new Map() };
  rows.set(task.id, row);
  return row;
}

function openView(name: string, hosts: number, before: Promise<void>): PlayView {
  let finish: () => void = () => undefined;
  const over = new Promise<void>(done => {
    finish = done;
  });
  const view: PlayView = {
    name,
    hosts,
    rows: new Map(),
    told: [],
    finish: () => finish(),
    shown: before.then(() => show(view, over)),
  };
  return view;
}

async function show(view: PlayView, over: Promise<void>): Promise<void> {
  const { Listr } = onDemand('listr2') as typeof import('listr2');
  const list = new Listr(
    [
      {
        title: titleOf(view),
        task: async (_context, row) => {
          const timer = setInterval(() => draw(view, row), redrawMilliseconds);
          await over;
          clearInterval(timer);
          row.title = titleOf(view);
        },
      },
    ],
    {
      registerSignalListeners: false,
      exitOnError: false,
      collectErrors: false,
      concurrent: true,
      rendererOptions: { clearOutput: false },
    },
  );
  await list.run();
}

// biome-ignore lint/suspicious/noExplicitAny: the renderer types of listr2 do not matter here.
function draw(view: PlayView, row: ListrTaskWrapper<any, any, any>): void {
  const rows = [...view.rows.values()].filter(({ running }) => running > 0).slice(0, taskRows);
  const lines = rows.map(({ task, running, counts }) => {
    const of = task.role === undefined ? '' : `${task.role}: `;
    return `  ${printable(of + task.name)}  ${[wordsOf(counts), `running ${running}`].filter(Boolean).join(' · ')}`;
  });
  row.title = [titleOf(view), ...lines].join('\n');
}

function titleOf({ name, hosts, rows }: PlayView): string {
  const sum = new Map<string, number>();
  for (const { counts } of rows.values())
    for (const [status, count] of counts) sum.set(status, (sum.get(status) ?? 0) + count);
  return `${printable(name)} (${hosts} host${hosts === 1 ? '' : 's'})  ${wordsOf(sum)}`;
}

function wordsOf(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([status, count]) => `${status} ${count}`).join(' · ');
}
