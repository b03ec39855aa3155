import { bare, insertLines, lineEnd, splitLines } from '../../host/lines/text.ts';

/**
 * The comment before an entry, by which it is known again: Ansible's, so that entries which it made
 * are found.
 */
const marker = '#Ansible: ';

export interface Entry {
  readonly name: string;
  /** The line of crontab(5). */
  readonly line: string;
}

/** The table with the entry: in its place if it has one, else at the end. */
export function withEntry(text: string, { name, line }: Entry): string {
  const lines = splitLines(text);
  const at = findMarker(lines, name);
  const end = lineEnd(lines);
  if (at < 0) return insertLines(lines, lines.length, [`${marker}${name}${end}`, line + end]).join('');
  const job = lines[at + 1];
  if (job === undefined || job.startsWith(marker)) return insertLines(lines, at + 1, [line + end]).join('');
  return bare(job) === line ? text : lines.with(at + 1, line + job.slice(bare(job).length)).join('');
}

/** The table without the entry and its comment. */
export function withoutEntry(text: string, name: string): string {
  const lines = splitLines(text);
  const at = findMarker(lines, name);
  if (at < 0) return text;
  const alone = lines[at + 1]?.startsWith(marker);
  return withoutEntry(lines.toSpliced(at, alone ? 1 : 2).join(''), name);
}

/**
 * The table with a variable: in its place if it is set, else at the start, since it counts for the
 * lines after it.
 */
export function withVariable(text: string, name: string, value: string): string {
  const lines = splitLines(text);
  const variables = lines.map(parseVariable);
  const at = variables.findLastIndex(variable => variable?.name === name);
  const quote = value.includes('"') ? "'" : '"';
  const line = `${name}=${quote}${value}${quote}${lineEnd(lines)}`;
  if (at < 0) return [line, ...lines].join('');
  return variables[at]?.value === value ? text : lines.with(at, line).join('');
}

/** The table without a variable. */
export function withoutVariable(text: string, name: string): string {
  return splitLines(text)
    .filter(line => parseVariable(line)?.name !== name)
    .join('');
}

/**
 * The edited table, ended with a newline: cron refuses or skips a last line without one. An
 * unedited table stays as it is.
 */
export function withEnd(text: string, edited: string): string {
  return edited === text || edited === '' || edited.endsWith('\n') ? edited : edited + lineEnd(splitLines(edited));
}

/** The names of the entries. */
export function entriesIn(text: string): string[] {
  const lines = splitLines(text).map(bare);
  return lines.filter(line => line.startsWith(marker)).map(line => line.slice(marker.length));
}

/** The names of the variables. */
export function variablesIn(text: string): string[] {
  return splitLines(text).flatMap(line => parseVariable(line)?.name ?? []);
}

function findMarker(lines: readonly string[], name: string): number {
  return lines.findIndex(line => bare(line) === marker + name);
}

/** `NAME = value`, with or without quotes about either, crontab(5). */
function parseVariable(line: string): { name: string; value: string } | undefined {
  const [, , name, value] = /^\s*(["']?)([A-Za-z_][A-Za-z0-9_]*)\1\s*=\s*(.*?)\s*$/.exec(bare(line)) ?? [];
  if (name === undefined || value === undefined) return undefined;
  return { name, value: /^(["'])(.*)\1$/.exec(value)?.[2] ?? value };
}
