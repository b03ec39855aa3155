import type { NumberedEvent } from '../events/event.ts';
import { createFolding, type Group } from './folding.ts';
import { detailsOf, indented, taskTitle, verbatimOf, withReason, wordOf, wordWidth } from './format.ts';
import { foldNames } from './host-names.ts';
import { isTakenOver, watchOutcome } from './outcome.ts';
import { printable } from './printable.ts';
import type { ReporterOptions } from './reporter.ts';
import { padTo } from './text-width.ts';
import { troubleLines } from './trouble.ts';

type StoryOptions = Pick<ReporterOptions, 'colors' | 'diff' | 'check'>;

/** Reads the events of a recorded run for what is worth telling again. */
export interface RunStory {
  readonly read: (event: NumberedEvent) => void;
  /** What was changed, equal changes of several hosts once. */
  readonly changes: () => readonly string[];
  /** Failures that count, equal ones of several hosts once. @param all how many hosts there were */
  readonly failures: (all: number) => readonly string[];
}

/** Begins to read a recorded run. */
export function readStory(options: StoryOptions): RunStory {
  const lines: string[] = [];
  const outcome = watchOutcome();
  const folding = createFolding(group => lines.push(...linesOfGroup(group, options)));
  return {
    read: event => {
      outcome.read(event);
      // What was taken over from an earlier run was done by that one.
      if (event.type !== 'task.finished' || event.result.status !== 'changed' || isTakenOver(event)) return;
      const { host, task, result } = event;
      folding.add(
        host,
        {
          about: task.id,
          word: wordOf(result, options),
          text: withReason(taskTitle(task), result.message),
          details: detailsOf(task, result),
          verbatim: verbatimOf(task, result, { ...options, verbosity: 0, write: () => undefined }),
          patience: 0,
        },
        0,
      );
    },
    changes: () => {
      folding.flush();
      return lines;
    },
    failures: all => outcome.troubles().flatMap(trouble => troubleLines(trouble, all, options)),
  };
}

function linesOfGroup({ word, hosts, text, details, verbatim }: Group, options: StoryOptions): readonly string[] {
  const head = `${padTo(wordWidth(options), word)} ${printable(foldNames(hosts))}  ${text}`;
  return [head, ...indented([...details, ...verbatim])];
}
