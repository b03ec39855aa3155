import { exitCodes } from '../errors.ts';
import type { Counts, NumberedEvent } from '../events/event.ts';
import type { RunStart } from '../events/run-start.ts';
import { quote } from '../shell/quote.ts';
import { isTrouble, taskTitle } from './format.ts';
import { withoutHost } from './host-names.ts';
import { printable } from './printable.ts';

export type HostFinished = Extract<NumberedEvent, { type: 'host.finished' }>;

/** A failure as it is told at the end of a run: once, with all hosts that it hit. */
export interface Trouble {
  readonly status: 'failed' | 'unreachable' | 'lost';
  readonly hosts: readonly string[];
  /** The task, if there was one. */
  readonly title?: string;
  readonly message: string;
  readonly hint?: string;
  readonly at?: string;
}

/** What a run has come to, as its events tell. */
export interface Outcome {
  readonly read: (event: NumberedEvent) => void;
  /** Whether a task has told already that this host cannot be reached. */
  readonly isToldUnreachable: (host: string) => boolean;
  readonly finished: () => readonly HostFinished[];
  /** Failures that count, each with its hosts; those that were ignored or rescued do not. */
  readonly troubles: () => readonly Trouble[];
  /**
   * Whether a host has not begun a single task, because others failed or the run was interrupted.
   */
  readonly isNotStarted: (finished: HostFinished) => boolean;
  /** The command that goes on with what is left; undefined where none can. */
  readonly resume: () => string | undefined;
}

/** Begins to watch the events of a run. */
export function watchOutcome(): Outcome {
  const finished: HostFinished[] = [];
  const troubles = new Map<string, Omit<Trouble, 'hosts'>[]>();
  const unreachable = new Set<string>();
  const begun = new Set<string>();
  const stopped = new Set<string>();
  let entering: readonly string[] = [];
  let exitCode = 0;
  let start: RunStart | undefined;

  function note(host: string, trouble: Omit<Trouble, 'hosts'>): void {
    troubles.set(host, [...(troubles.get(host) ?? []), trouble]);
  }
  function readTask(host: string, event: Extract<NumberedEvent, { type: 'task.finished' }>): void {
    const { task, result } = event;
    if (result.status === 'unreachable') unreachable.add(host);
    if (isTrouble(result.status) && !result.ignored)
      note(host, { status: result.status, title: taskTitle(task), at: task.at, ...reasonOf(result) });
  }
  function read(event: NumberedEvent): void {
    enter(event);
    switch (event.type) {
      case 'run.started':
        start = event;
        break;
      case 'task.finished':
        readTask(event.host, event);
        break;
      case 'task.rescued':
        // Only a rescue lets a host go on after a failure: all that it has had are dealt with.
        troubles.delete(event.host);
        break;
      case 'host.failed':
        note(event.host, { status: 'failed', ...reasonOf(event) });
        break;
      case 'host.unreachable':
        if (!unreachable.has(event.host)) note(event.host, { status: 'unreachable', ...reasonOf(event) });
        break;
      case 'host.stopped':
        stopped.add(event.host);
        break;
      case 'host.finished':
        finished.push(event);
        break;
      case 'run.finished':
        exitCode = event.exitCode;
    }
  }
  /**
   * A play begins with all of its hosts, unless the next event says that it goes batch by batch.
   */
  function enter(event: NumberedEvent): void {
    for (const host of event.type === 'batch.started' ? event.hosts : entering) begun.add(host);
    entering = event.type === 'play.started' ? event.hosts : [];
  }
  const isNotStarted = ({ host, counts }: HostFinished) =>
    isZero(counts) && (!begun.has(host) || stopped.has(host) || exitCode === exitCodes.interrupted);
  return {
    read,
    isNotStarted,
    resume: () => (start && finished.some(({ unfinished }) => unfinished) ? resumeOf(start) : undefined),
    isToldUnreachable: host => unreachable.has(host),
    finished: () => finished,
    troubles: () => grouped(troubles),
  };
}

/** A run in check mode, or without a record, is not gone on with. */
function resumeOf({ run, check, origin }: RunStart): string | undefined {
  if (run === undefined || check) return undefined;
  const at = origin.arguments.findIndex(word => /^--state(?:=|$)/.test(word));
  const [word = '', next = ''] = at < 0 ? [] : origin.arguments.slice(at, at + 2);
  return runCommand('resume', run, at < 0 ? [] : word.includes('=') ? [word] : [word, next]);
}

/**
 * A command about a run, to be copied.
 * @param name as in `resume`
 * @param stateWords the options that name the folder of its record
 */
export function runCommand(name: string, run: string, stateWords: readonly string[]): string {
  return printable(['hostwright', name, run, ...stateWords].map(quote).join(' '));
}

function reasonOf({ message, hint }: { readonly message: string; readonly hint?: string }) {
  return hint === undefined ? { message } : { message, hint };
}

function isZero(counts: Counts): boolean {
  return Object.values(counts).every(count => count === 0);
}

/** Equal failures of several hosts as one, also where each message names its host. */
function grouped(troubles: ReadonlyMap<string, readonly Omit<Trouble, 'hosts'>[]>): readonly Trouble[] {
  const groups = new Map<string, Trouble>();
  for (const [host, own] of troubles) {
    for (const trouble of own) {
      const alike = { ...trouble, message: withoutHost(trouble.message, host) };
      const key = JSON.stringify(alike);
      const group = groups.get(key);
      if (group) groups.set(key, { ...alike, hosts: [...group.hosts, host] });
      else groups.set(key, { ...trouble, hosts: [host] });
    }
  }
  return [...groups.values()].toSorted((one, other) => other.hosts.length - one.hosts.length);
}

/** Whether a result is that of an earlier run, which this one continues: it was told then. */
export function isTakenOver(event: NumberedEvent): boolean {
  return event.type === 'task.finished' && event.from !== undefined;
}
