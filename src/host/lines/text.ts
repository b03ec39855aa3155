import { CannotTell } from '../../shell/answer.ts';
import { all, type Look, map, own, type Seen } from '../../shell/look.ts';
import type { ShellText } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { type AttributeArguments, ownerIds } from '../file/attributes.ts';
import { fileGoal, foundGoal, type Goal, type GoalOptions, textOf } from '../file/goal.ts';

/** Files up to this size are edited; configuration is smaller. */
export const largestText = 1024 * 1024;

/** The goal with its whole text; '' where it is absent. */
export interface TextGoal {
  readonly goal: Goal;
  readonly text: string;
}

/**
 * A file of text, as a goal that is edited. What is too large, or not UTF-8, it cannot tell:
 * writing it back would not keep its bytes.
 */
export function textFile(path: string, options: Pick<GoalOptions, 'follow'> = {}): Look<TextGoal> {
  return map(fileGoal(path, { ...options, most: largestText }), withText);
}

/** A file of text, links followed, of which a task owns a part; and the owner that it is to have. */
export function ownedText(args: AttributeArguments & { readonly path: string }) {
  return all({ file: textFile(args.path, { follow: true }), ids: ownerIds(args) });
}

/** What {@link ownedText} sees. */
export type OwnedText = Seen<ReturnType<typeof ownedText>>;

/** As {@link textFile}; of the path that `find` puts into `$p`. */
export function foundText(find: ShellText): Look<TextGoal> {
  return map(foundGoal(find, { most: largestText }), withText);
}

/** Reads the sections of `probeGoal` as {@link textFile} does. @throws CannotTell */
export function readText({ entry, hash }: Answer): TextGoal {
  return textFile('/').read({ ...(entry && { [own]: entry }), ...(hash && { hash }) });
}

function withText(goal: Goal): TextGoal {
  return { goal, text: textIn(goal) };
}

/** @throws CannotTell */
function textIn(goal: Goal): string {
  if (goal.entry?.kind !== 'file') return '';
  if (!goal.bytes) {
    throw new CannotTell(`${goal.path} has ${goal.entry.size} bytes; files up to 1 MiB are edited`, {
      advice: 'Write the whole file with copy or template.',
    });
  }
  const text = textOf(goal.bytes);
  if (text === undefined) {
    throw new CannotTell(`${goal.path} is not UTF-8 text`, {
      advice: 'Convert it (iconv -f latin1 -t utf8), or write the whole file with copy.',
    });
  }
  return text;
}

/**
 * Lines with their own ends, so that what is not owned stays as it was: CRLF, a missing newline at
 * the end.
 */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The line without its end. */
export function bare(line: string): string {
  return line.replace(/\r?\n$/, '');
}

/** How the file ends its lines. */
export function lineEnd(lines: readonly string[]): string {
  return lines.some(line => line.endsWith('\r\n')) ? '\r\n' : '\n';
}

/** Puts lines at `index`; if they follow a line without an end, it gets one. */
export function insertLines(lines: readonly string[], index: number, added: readonly string[]): string[] {
  const before = lines.slice(0, index);
  const last = before.at(-1);
  if (last !== undefined && !last.endsWith('\n')) before[before.length - 1] = `${last}${lineEnd(lines)}`;
  return [...before, ...added, ...lines.slice(index)];
}
