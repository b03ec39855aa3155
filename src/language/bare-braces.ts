/** A value in a line of YAML that has braces of a template in it and no quotes around it. */
interface BareValue {
  readonly start: number;
  readonly end: number;
}

/** The same line with the value in quotes, the part of it to write, and where the value begins. */
export interface QuotedBraces {
  readonly offset: number;
  readonly line: string;
  readonly written: string;
  /** Whether the value begins with the braces. */
  readonly begins: boolean;
}

/** Puts the first value with bare `{{ }}` of a line in quotes; undefined where none is bare. */
export function quoteBraces(line: string): QuotedBraces | undefined {
  const found = bareValue(line);
  if (!found) return undefined;
  const value = line.slice(found.start, found.end);
  const quoted = inQuotes(value);
  const before = line.slice(0, found.start);
  const key = /(?:^|[\s{,])([\w.-]+:[ \t]+|- )$/.exec(before)?.[1] ?? '';
  return {
    offset: found.start,
    line: before + quoted + line.slice(found.end),
    written: key + quoted,
    begins: value.startsWith('{{'),
  };
}

/** A text of YAML in quotes: double ones, or single ones where it has double ones in it. */
export function inQuotes(text: string): string {
  return /["\\]/.test(text) ? `'${text.replaceAll("'", "''")}'` : `"${text}"`;
}

function bareValue(line: string): BareValue | undefined {
  let start = line.search(/\S|$/);
  let depth = 0;
  for (let at = start; at < line.length; at += 1) {
    const rest = line.slice(at);
    if (at === start && /^["']/.test(rest)) at += closingQuote(rest);
    else if (rest.startsWith('{{')) return { start, end: endOf(line, at, depth) };
    else if (/^[[{]/.test(rest)) depth += 1;
    else if (/^[\]}]/.test(rest)) depth -= 1;
    const separator = depth > 0 ? /^(?:[[{,]|:[ \t]|-[ \t])[ \t]*/ : /^(?::[ \t]|-[ \t])[ \t]*/;
    const next = separator.exec(line.slice(at))?.[0];
    if (next !== undefined) {
      start = at + next.length;
      at = start - 1;
    }
  }
  return undefined;
}

/** Characters up to the quote that closes what begins here. */
function closingQuote(text: string): number {
  const end = text.indexOf(text[0]!, 1);
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
