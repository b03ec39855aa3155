/** Rows of texts below a head. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * The table as Markdown, with columns that line up in a terminal as well. The first is text, the
 * others are figures.
 */
export function markdown({ head, rows }: Table): string {
  const lines = [head, ...rows].map(row => row.map(cell => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...lines.map(row => (row[column] ?? '').length)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  const text = lines.map(row => `| ${widths.map((_, column) => pad(row[column] ?? '', column)).join(' | ')} |`);
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return `${[text[0], `| ${rule.join(' | ')} |`, ...text.slice(1)].join('\n')}\n`;
}
