import type { Part } from './source.ts';

/** Braces of a template, which may have texts in quotes in them. */
const braces = /\{\{(?:'[^']*'|"(?:\\.|[^"\\])*"|[^{}'"])*\}\}/g;

/**
 * A hint that says which braces to write in a text, with the quotes in them as YAML wants them
 * there: the text has quotes of its own in the file.
 */
export function pastable(hint: string, { source, path }: Part): string {
  if (!hint.startsWith('Write: {{')) return hint;
  const style = source.styleAt(path);
  if (style === 'double') return hint.replace(braces, piece => piece.replace(/["\\]/g, '\\$&'));
  if (style === 'single') return hint.replace(braces, inSingleQuotes);
  const needsQuotes = style === 'plain' && (hint.match(braces) ?? []).some(piece => /: | #/.test(piece));
  if (!needsQuotes) return hint;
  return `Put the whole text in single quotes. ${hint.replace(braces, inSingleQuotes)}`;
}

function inSingleQuotes(text: string): string {
  return text.replaceAll("'", "''");
}
