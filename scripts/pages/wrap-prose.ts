/** Columns of prose. */
const widest = 100;

/**
 * Markdown whose paragraphs and items of lists are at most 100 columns wide; code and tables stay.
 */
export function wrapProse(markdown: string): string {
  const lines: string[] = [];
  let prose: string[] = [];
  let isCode = false;
  function flush(): void {
    if (prose.length > 0) lines.push(...wrapped(prose.join(' ')));
    prose = [];
  }
  for (const line of markdown.split('\n')) {
    const fence = /^\s*```/.test(line);
    if (fence || isCode || line.trim() === '' || /^(\||#|<!--)/.test(line)) {
      flush();
      lines.push(line);
      if (fence) isCode = !isCode;
    } else {
      if (item.test(line)) flush();
      prose.push(prose.length === 0 ? line : line.trim());
    }
  }
  flush();
  return lines.join('\n');
}

/** The beginning of an item of a list. */
const item = /^\s*(?:[-*]|\d+\.) /;

/**
 * Blanks at which a line must not break: those in code, and before what would begin an item of a
 * list.
 */
const fixed = /`[^`]*`| (?=(?:[-+*#]+|\d+[.)]) )/g;

function wrapped(text: string): readonly string[] {
  const [begin = ''] = item.exec(text) ?? [];
  const words = text
    .slice(begin.length)
    .replace(fixed, kept => kept.replaceAll(' ', '\0'))
    .split(/ +/);
  const lines: string[] = [];
  let line = begin;
  for (const word of words) {
    const isFirst = line.trim() === '' || line === begin;
    if (!isFirst && line.length + 1 + word.length > widest) {
      lines.push(line);
      line = ' '.repeat(begin.length) + word;
    } else line += isFirst ? word : ` ${word}`;
  }
  return [...lines, line].map(text => text.replaceAll('\0', ' ').trimEnd());
}
