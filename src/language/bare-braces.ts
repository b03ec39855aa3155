import { inQuotes } from './yaml-text.ts';

/** A value in a line of YAML that has braces of a template in it and no quotes around it. */
interface BareValue {
  readonly start: number;
  readonly end: number;
}

/** The same line as it is accepted, the part of it to write, and where the value begins. */
export interface QuotedBraces {
  readonly offset: number;
  readonly line: string;
  readonly written: string;
  /** Whether the value begins with the braces. */
  readonly begins: boolean;
  /** Whether it is an expression, which names its variables without braces. */
  readonly isExpression: boolean;
}

/** Keywords whose values are expressions, and the tag of one. */
const ofExpression = /(?:^|[\s{,])(?:(?:when|until|(?:changed|failed|break)_when):|!expr)[ \t]+$/;

/** Puts the first value with bare `{{ }}` of a line in quotes; undefined where none is bare. */
export function quoteBraces(line: string): QuotedBraces | undefined {
  const found = bareValue(line);
  if (!found) return undefined;
  const value = line.slice(found.start, found.end);
  const before = line.slice(0, found.start);
  const isExpression = ofExpression.test(before) && !/["'][^"']*\{\{[^"']*["']/.test(value);
  const accepted = isExpression ? withoutBraces(value) : inQuotes(value);
  const key = /(?:^|[\s{,])([\w.-]+:[ \t]+(?:!\w+[ \t]+)?|- )$/.exec(before)?.[1] ?? '';
  return {
    offset: found.start,
    line: before + accepted + line.slice(found.end),
    written: key + accepted,
    begins: value.startsWith('{{'),
    isExpression,
  };
}

/** An expression as YAML, its variables without braces. */
function withoutBraces(value: string): string {
  const text = value.replace(/\{\{\s*(.*?)\s*\}\}/g, '$1');
  return /^[\w(]/.test(text) && !/: | #|[,[\]{}]/.test(text) ? text : inQuotes(text);
}

function bareValue(line: string): BareValue | undefined {
  const start = blockStart(line);
  const value = line.slice(start);
  if (/^["']/.test(value)) return undefined;
  if (/^(?:\[|\{(?!\{))/.test(value)) return bareInFlow(line, start);
  return value.includes('{{') ? { start, end: endOf(line, start, 0) } : undefined;
}

/** Where the value of a line begins: behind the dashes of lists, the first key, and a tag. */
function blockStart(line: string): number {
  const key = /"(?:\\.|[^"\\])*"|'[^']*'|(?![[{"'])(?:(?!\{\{).)*?/;
  const before = new RegExp(`^[ \\t]*(?:-[ \\t]+)*(?:(?:${key.source}):[ \\t]+)?(?:[!&][\\w-]+[ \\t]+)*`);
  return before.exec(line)?.[0].length ?? 0;
}

/** The same in a list or map in brackets, from where that begins. */
function bareInFlow(line: string, from: number): BareValue | undefined {
  let start = from;
  let depth = 0;
  let hasKey = false;
  for (let at = start; at < line.length; at += 1) {
    const rest = line.slice(at);
    if (at === start && /^["']/.test(rest)) at += closingQuote(rest);
    else if (rest.startsWith('{{')) return { start, end: endOf(line, at, depth) };
    else if (/^[[{]/.test(rest)) depth += 1;
    else if (/^[\]}]/.test(rest)) depth -= 1;
    const next: string | undefined = (hasKey ? /^[[{,][ \t]*/ : /^(?:[[{,]|:[ \t])[ \t]*/).exec(line.slice(at))?.[0];
    if (next !== undefined) {
      hasKey = next.startsWith(':');
      start = at + next.length;
      at = start - 1;
    }
  }
  return undefined;
}

/** Characters up to the quote that closes what begins here. */
function closingQuote(text: string): number {
  const end = text.indexOf(text.slice(0, 1), 1);
  return end < 0 ? text.length : end;
}

/** Where a bare value ends: in a flow list or map at its next separator, else with the line. */
function endOf(line: string, from: number, depth: number): number {
  const rest = line
    .slice(from)
    .replace(/\s+#.*$/, '')
    .trimEnd();
  if (depth === 0) return from + rest.length;
  return from + (/^(?:\{\{[\s\S]*?\}\}|[^,\]}])*/.exec(rest)?.[0].trimEnd().length ?? rest.length);
}
