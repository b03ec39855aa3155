import { lineAt } from './syntax.ts';

/** A part of a source that is replaced by another text. */
export type Edit = { start: number; end: number; to: string; kind: string };

/** One change of a source file that changes what the program does. */
export type Mutation = Edit & {
  file: string;
  line: number;
  /** The lines it concerns, in one, as they are and as they become. */
  before: string;
  after: string;
};

const widest = 160;

/** Says of an edit where it is and what the lines around it become. */
export function describeEdit(file: string, text: string, edit: Edit): Mutation {
  const from = text.lastIndexOf('\n', edit.start - 1) + 1;
  const newline = text.indexOf('\n', edit.end);
  const to = newline < 0 ? text.length : newline;
  const before = inOneLine(text.slice(from, to));
  const after = inOneLine(text.slice(from, edit.start) + edit.to + text.slice(edit.end, to));
  const shown = Math.max(0, commonStart(before, after) - widest / 2);
  return {
    ...{ ...edit, file, line: lineAt(text, edit.start) },
    ...{ before: excerpt(before, shown), after: excerpt(after, shown) },
  };
}

/** A source with the mutation in it. */
export function applyEdit(text: string, { start, end, to }: Edit): string {
  return text.slice(0, start) + to + text.slice(end);
}

function inOneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

function excerpt(text: string, from: number): string {
  const end = from + widest;
  return `${from > 0 ? '…' : ''}${text.slice(from, end)}${text.length > end ? '…' : ''}`;
}
