import { exitCodes } from '../errors.ts';
import type { NumberedEvent, TaskName, TaskResult } from '../events/event.ts';
import { checkBegin, endingOf } from './ending.ts';
import { createFolding, type Group, type Told } from './folding.ts';
import { followHosts } from './following.ts';
import {
  count,
  detailsOf,
  indented,
  isTrouble,
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
import { foldNames } from './host-names.ts';
import { turn } from './live.ts';
import { isTakenOver, watchOutcome } from './outcome.ts';
import { hasTrouble, isThrough, openView, type PlayView, timeLeft, titleOf, updateView, workOf } from './play-view.ts';
import { printable } from './printable.ts';
import type { Reporter, ReporterOptions, TerminalOptions } from './reporter.ts';
import { createScreen } from './screen.ts';
import { cutTo, padTo, widthOf, wrap } from './text-width.ts';

/** Milliseconds that a failure waits for others of its kind, and a change. */
const [soon, later] = [300, 5_000];
/** Columns for the names of hosts; longer ones push what follows to the right. */
const widestHost = 24;

/**
 * The live view of a terminal: at its end the play with its counters, the tasks at work and the
 * slowest hosts; above it, to stay, what failed, changed or was to be shown, once for all hosts to
 * which the same happened.
 */
export function terminalReporter(options: TerminalOptions): Reporter {
  const screen = createScreen(options.write, options.columns);
  const outcome = watchOutcome();
  const folding = createFolding(show);
  const looped = new Set<string>();
  const followed = followHosts(options);
  let view: PlayView | undefined;
  let leave: () => void = () => undefined;
  let shown: Promise<void> = Promise.resolve();
  let note = '';

  function say(lines: readonly string[]): void {
    screen.print(lines.map(line => `${line}\n`).join(''));
  }
  function wrapped(line: string, hang: number): readonly string[] {
    return wrap(line, Math.max(20, options.columns()), hang);
  }
  function show({ word, hosts, text, details, verbatim }: Group): void {
    const names = padTo(hostWidth(view), printable(foldNames(hosts)));
    const head = `${padTo(wordWidth(options), word)} ${names}  ${text}`;
    const [first = '', ...more] = wrapped(head, 6);
    say([
      paint(styles[word] ?? 'cyan', first.slice(0, word.length), options) + first.slice(word.length),
      ...more,
      ...indented(details).flatMap(line => wrapped(line, 8)),
      ...indented(verbatim),
    ]);
  }
  function draw(sign: string): void {
    const now = options.now();
    folding.due(now);
    if (view)
      screen.draw([
        titleLine(sign, view, now),
        ...workOf(view, now),
        ...(note === '' ? [] : wrap(note, Math.max(20, options.columns() - 1), 2)),
      ]);
  }
  /** The name of the play gives way to how it stands. */
  function titleLine(sign: string, of: PlayView, now: number): string {
    const left = timeLeft(of, now);
    const title = titleOf(of, now, options.check) + (left === '' ? '' : `  ${left}`);
    const tooWide = widthOf(title) + 3 - options.columns();
    if (tooWide <= 0) return `${sign} ${title}`;
    const name = printable(of.name);
    return `${sign} ${cutTo(Math.max(8, widthOf(name) - tooWide), name)}${title.slice(name.length)}`;
  }
  function begin(event: Extract<NumberedEvent, { type: 'play.started' }>): void {
    view = openView(event);
    say(
      wrapped(`${paint('bold', `PLAY ${printable(event.play)}`, options)} (${count(event.hosts.length, 'host')})`, 2),
    );
    const over = new Promise<void>(done => {
      leave = done;
    });
    shown = shown.then(() => turn(draw, over));
  }
  function end(time: number, isBroken = false): void {
    folding.flush();
    if (!view) return;
    const failed = isBroken || hasTrouble(view);
    const title = `${failed ? '✖' : '✔'} ${titleOf(view, time, options.check)}`;
    view = undefined;
    leave();
    screen.clear();
    say(wrapped(paint(failed ? 'red' : 'green', title, options), 2));
  }
  function readResult(event: Extract<NumberedEvent, { type: 'item.finished' | 'task.finished' }>): void {
    const { host, task, result } = event;
    const key = `${host} ${task.id}`;
    if (event.type === 'item.finished') looped.add(key);
    // The items of a loop have told all that its sum would.
    const isSum = event.type === 'task.finished' && looped.delete(key) && options.verbosity === 0;
    const item = event.type === 'item.finished' ? event.item : undefined;
    if (!isSum && isTold(result, options)) folding.add(host, toldOf(task, result, { ...options, item }), options.now());
    if (view && isThrough(view, task)) folding.settle(task.id);
  }
  function read(event: NumberedEvent): void {
    const isKnown = event.type === 'host.unreachable' && outcome.isToldUnreachable(event.host);
    outcome.read(event);
    if (event.type === 'play.started') end(Date.parse(event.time));
    if (event.type === 'run.finished') end(Date.parse(event.time), event.exitCode === exitCodes.interrupted);
    if (view) updateView(view, event);
    say(followed(event));
    switch (event.type) {
      case 'run.started':
        if (options.check) say(wrapped(paint('bold', checkBegin, options), 2));
        break;
      case 'play.started':
        begin(event);
        break;
      case 'batch.started':
        folding.flush();
        say(wrapped(`BATCH ${event.batch} of ${event.of}: ${printable(foldNames(event.hosts))}`, 2));
        break;
      case 'item.finished':
      case 'task.finished':
        if (!isTakenOver(event)) readResult(event);
        break;
      case 'message':
        if (event.host !== undefined) break;
        folding.flush();
        say(wrapped(`${event.level}: ${printable(event.text)}`, 2));
        if (event.level === 'warning') note = printable(event.text);
        break;
      case 'run.finished': {
        const { recap, next, last } = endingOf(outcome, event, { ...options, fold: true });
        say([...recap.flatMap(line => wrapped(line, 6)), ...next, ...last.flatMap(line => wrapped(line, 6))]);
        break;
      }
    }
    const told = isKnown ? undefined : hostTold(event);
    if (told && 'host' in event && event.host !== undefined) folding.add(event.host, told, options.now());
    if (view?.batch.length === 1) folding.flush();
  }
  function stop(): void {
    // Nothing was told of the end of a run that broke off: the screen is given back all the same.
    end(options.now(), true);
  }
  // A defect, which is told after this, and a third Ctrl-C end the process before the end of the
  // run.
  for (const way of ['uncaughtExceptionMonitor', 'exit']) process.once(way, stop);
  return {
    read,
    close: () => {
      stop();
      for (const way of ['uncaughtExceptionMonitor', 'exit']) process.off(way, stop);
      return shown;
    },
  };
}

function isTold({ status, fields }: TaskResult, { verbosity }: ReporterOptions): boolean {
  return verbosity > 0 || status === 'changed' || status === 'unknown' || isTrouble(status) || fields.shown === true;
}

function toldOf(
  task: TaskName,
  result: TaskResult,
  { item, ...options }: ReporterOptions & { readonly item: string | undefined },
): Told {
  return {
    about: task.id,
    word: wordOf(result, options),
    text: withReason(taskTitle(task, item), result.message),
    details: detailsOf(task, result),
    verbatim: verbatimOf(task, result, options),
    patience: isTrouble(result.status) ? soon : later,
  };
}

/** What is told of a host outside its tasks' results. */
function hostTold(event: NumberedEvent): Told | undefined {
  const plain = { about: event.type, details: [], verbatim: [], patience: soon };
  switch (event.type) {
    case 'host.failed':
      return { ...plain, word: 'failed', text: withReason('', event.message), details: linesOf(rest(event.message)) };
    case 'host.unreachable': {
      const details = [...linesOf(rest(event.message)), ...linesOf(event.hint ?? '')];
      return { ...plain, word: 'unreachable', text: withReason('', event.message), details };
    }
    case 'host.stopped':
      return { ...plain, word: 'stopped', text: withReason('', event.reason) };
    case 'task.retrying': {
      const why = `attempt ${event.attempt} of ${event.of} failed, trying again`;
      return { ...plain, word: 'again', text: withReason(taskTitle(event.task), why) };
    }
    case 'message':
      return { ...plain, word: event.level, text: printable(event.text) };
    default:
      return undefined;
  }
}

function hostWidth(view: PlayView | undefined): number {
  return Math.min(widestHost, Math.max(0, ...(view?.hosts.map(host => host.length) ?? [])));
}
